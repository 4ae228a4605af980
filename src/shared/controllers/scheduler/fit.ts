import type { Node, NodeSelectorTerm, Pod, PodSpec, Taint } from '../../kinds/schema/types.ts';
import { operatorHolds } from '../../meta/labels.ts';
import { ownValue } from '../../meta/table.ts';
import { selectsMap } from '../common/selector.ts';
import { tolerates } from '../common/tolerations.ts';
import { collide, type HostPort, hostPorts } from './ports.ts';
import { type Amounts, podRequests } from './resources.ts';

/** Why a Node cannot take a Pod, in the scheduler's words; empty when it can. */
export function misfits(pod: Pod, node: Node, free: Amounts, taken: HostPort[] = []): string[] {
  if (!selectsNode(pod.spec, node)) return [affinity];
  if (node.spec?.unschedulable && !tolerates(pod.spec?.tolerations, cordoned))
    return ['node(s) were unschedulable'];
  const taint = (node.spec?.taints ?? []).find(
    (t) => t.effect !== 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t),
  );
  if (taint) return [`node(s) had untolerated taint(s)`];
  if (hostPorts(pod).some((port) => taken.some((other) => collide(port, other)))) return [noFreePorts];
  return Object.entries(podRequests(pod))
    .filter(([name, value]) => value > 0 && value > (free[name] ?? 0))
    .map(([name]) => (name === 'pods' ? 'Too many pods' : `Insufficient ${name}`));
}

/** Whether the selector and the required affinity of the spec let it go to the Node. */
export function selectsNode(spec: PodSpec | undefined, node: Node): boolean {
  if (spec?.nodeSelector && !selectsMap(spec.nodeSelector, node.metadata.labels)) return false;
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => termMatches(term, node));
}

/** How many taints of a Node speak against it, though a Pod may go there. */
export const aversions = (pod: Pod, node: Node): number =>
  (node.spec?.taints ?? []).filter(
    (t) => t.effect === 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t),
  ).length;

const noFreePorts = "node(s) didn't have free ports for the requested pod ports";
const affinity = "node(s) didn't match Pod's node affinity/selector";
const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const termMatches = ({ matchExpressions, matchFields }: NodeSelectorTerm, node: Node): boolean =>
  !!(matchExpressions?.length || matchFields?.length) &&
  (matchExpressions ?? []).every((r) =>
    operatorHolds(r.operator, ownValue(node.metadata.labels, r.key), r.values ?? []),
  ) &&
  (matchFields ?? []).every((r) => operatorHolds(r.operator, node.metadata.name, r.values ?? []));
