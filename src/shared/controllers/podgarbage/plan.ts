import type { Node, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';

const threshold = 12_500;

/** Pods to delete at once: of Nodes that are gone, unscheduled but ending, and the oldest of too many finished ones. */
export function plan(pods: Pod[], nodes: Node[]): Pod[] {
  const there = new Set(nodes.map((node) => node.metadata.name));
  const lost = pods.filter(({ spec, metadata }) =>
    spec?.nodeName ? !there.has(spec.nodeName) : !!metadata.deletionTimestamp,
  );
  const done = pods.filter((pod) => isTerminal(pod) && !lost.includes(pod));
  const excess = done.length - threshold;
  if (excess <= 0) return lost;
  const created = (pod: Pod) => pod.metadata.creationTimestamp ?? '';
  return [...lost, ...done.sort((a, b) => (created(a) < created(b) ? -1 : 1)).slice(0, excess)];
}
