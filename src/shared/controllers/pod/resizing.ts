import type { Container, Node, Pod, ResourceRequirements } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { type Amounts, addTo, allocatable, podRequests } from '../scheduler/resources.ts';
import { asCounted } from './allocated.ts';
import { isUnjudged } from './judge.ts';
import { shortages } from './shortages.ts';

/** Describes why the node does not give a Pod the resources of its spec: not now, or never. */
export interface PendingResize {
  reason: 'Deferred' | 'Infeasible';
  message: string;
}

/**
 * Returns why the node does not give the Pod what it asks for now; undefined when it does. Others count by what they
 * were given as long as they wait for more. As canResizePod of kubelet.
 *
 * @param all the Pods of the cluster
 */
export function pendingResize(pod: Pod, node: Node, all: readonly Pod[]): PendingResize | undefined {
  const capacity = allocatable(node);
  const asked = podRequests(pod);
  for (const name of ['memory', 'cpu'] as const) {
    const [requested, most] = [asked[name] ?? 0, capacity[name]];
    if (most === undefined || requested <= most) continue;
    const numbers = `${name}, requested: ${requested}, capacity: ${most}`;
    return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${numbers}` };
  }
  const used: Amounts = {};
  for (const other of all) if (isBeside(pod, node, other)) addTo(used, podRequests(asCounted(other)), 1);
  const [missing] = shortages(asked, used, capacity);
  return missing && { reason: 'Deferred', message: missing.message };
}

const isBeside = (pod: Pod, { metadata }: Node, other: Pod): boolean =>
  other.spec?.nodeName === metadata.name &&
  other.metadata.uid !== pod.metadata.uid &&
  !isTerminal(other) &&
  !isUnjudged(other, true);

/** Returns what an Event about a resize says, as kubelet words it. */
export function resizeMessage({ metadata, spec }: Pod, prefix: string, error?: string): string {
  const summary = (containers: readonly Container[]) =>
    containers.map(({ name, resources }) => ({ name, resources: sorted(resources) }));
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const facts = {
    ...(sidecars.length && { initContainers: summary(sidecars) }),
    containers: summary(spec?.containers ?? []),
    generation: metadata.generation ?? 0,
    ...(error && { error }),
  };
  return `${prefix}: ${JSON.stringify(facts)}`;
}

const sorted = ({ limits, requests }: ResourceRequirements = {}) => ({
  ...(limits && { limits: byName(limits) }),
  ...(requests && { requests: byName(requests) }),
});

const byName = (amounts: Record<string, string>) =>
  Object.fromEntries(Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1)));
