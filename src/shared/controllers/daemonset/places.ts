import type { DaemonSet, Node, Pod } from '../../kinds/schema/types.ts';
import { tolerates } from '../common/tolerations.ts';
import { isVirtual } from '../node/plan.ts';
import { selectsNode } from '../scheduler/plugins/nodeAffinity.ts';
import { nodeOf, tolerationsOf } from './podOf.ts';

/** A Node, and what of the set is there. */
export interface Place {
  node: string;
  /** Oldest first; those that are scheduled before those that are not. */
  pods: Pod[];
  /** Says whether a Pod should be there, and whether one that is may stay. */
  shouldRun: boolean;
  mayStay: boolean;
}

/** Returns one place for each Node, with the Pods of the set there, oldest first, and whether one should run there. */
export function placesOf(set: DaemonSet, nodes: Node[], pods: Pod[]): Place[] {
  const byNode = Map.groupBy(pods, nodeOf);
  return nodes.map((node) => {
    const name = node.metadata.name ?? '';
    return { node: name, pods: (byNode.get(name) ?? []).sort(byAge), ...verdictOn(set, node) };
  });
}

/** Pods for Nodes that are gone, which nobody will ever schedule. */
export function homeless(nodes: Node[], pods: Pod[]): Pod[] {
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  return pods.filter(
    (pod) => !pod.spec?.nodeName && !pod.metadata.deletionTimestamp && !names.has(nodeOf(pod)),
  );
}

function verdictOn(set: DaemonSet, node: Node): Pick<Place, 'shouldRun' | 'mayStay'> {
  const spec = set.spec?.template.spec ?? { containers: [] };
  const isOther = spec.nodeName && spec.nodeName !== node.metadata.name;
  if (isVirtual(node) || isOther || !selectsNode(spec, node)) return { shouldRun: false, mayStay: false };
  const tolerations = tolerationsOf(spec);
  const against = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint),
  );
  return {
    shouldRun: against.length === 0,
    mayStay: !against.some(({ effect }) => effect === 'NoExecute'),
  };
}

const byAge = (a: Pod, b: Pod): number => {
  const [x, y] = [a, b].map(
    ({ metadata, spec }) => `${spec?.nodeName ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`,
  );
  return x! < y! ? -1 : 1;
};
