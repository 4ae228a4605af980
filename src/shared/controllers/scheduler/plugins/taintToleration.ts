import type { Node, Pod, Taint } from '../../../kinds/schema/types.ts';
import { tolerates } from '../../common/tolerations.ts';
import { type Filter, forGood, inProportion, type Score } from '../plugin.ts';

/** Keeps Pods off Nodes with taints that they do not tolerate. */
export const taintToleration: Filter = {
  name: 'TaintToleration',
  prepare: (pod) => ({
    check: ({ node }) => (isRepelled(pod, node) ? forGood('node(s) had untolerated taint(s)') : undefined),
  }),
};

/** Prefers Nodes with few taints that would rather have no Pods like this. */
export const taintPreference: Score = {
  name: 'TaintToleration',
  weight: 3,
  prepare: (pod, _, feasible) =>
    feasible.some(({ node }) => aversions(pod, node) > 0)
      ? {
          score: ({ node }) => aversions(pod, node),
          normalize: (scores) => inProportion(scores, true),
        }
      : undefined,
};

/** Returns whether a taint of the Node keeps the Pod from being placed there. */
export const isRepelled = (pod: Pod, node: Node): boolean =>
  taintsOf(node).some((t) => t.effect !== 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t));

/** Returns how many taints of a Node speak against it, though a Pod may go there. */
export const aversions = ({ spec }: Pod, node: Node): number =>
  (node.spec?.taints ?? []).filter((t) => t.effect === 'PreferNoSchedule' && !tolerates(spec?.tolerations, t))
    .length;

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A Node that has not said that it is ready counts as tainted, as it is from its creation on in Kubernetes. */
function taintsOf({ spec, status }: Node): Taint[] {
  const taints = spec?.taints ?? [];
  const isReady = status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
  return isReady ? taints : [...taints, notReady];
}
