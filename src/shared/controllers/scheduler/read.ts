import type { Node, Pod } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { claimNames } from '../../podspec/claims.ts';
import { isTerminal } from '../common/pods.ts';
import type { ReconcileContext } from '../controller.ts';
import { isVirtual } from '../node/plan.ts';
import {
  namespaces,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  storageClasses,
} from '../resources.ts';
import type { Facts } from './facts.ts';
import { isPending } from './plan.ts';
import { priorityOf } from './preempt.ts';
import { ownTerms } from './terms.ts';

/** Reads what placing these Pods takes. Most mount nothing, prefer nobody and displace nobody, and cost no look. */
export async function factsFor(
  pods: Pod[],
  nodes: Node[],
  { client }: ReconcileContext,
): Promise<Partial<Facts>> {
  const pending = pods.filter(isPending);
  const mounts = pending.some((pod) => claimNames(pod).length > 0);
  // A virtual Node has room for everybody, and a volume reaches it: there is no machine that it could be far from.
  const isOnMachines = nodes.some((node) => !isVirtual(node));
  const [claims, volumes, classes, labelled, budgets] = await Promise.all([
    mounts ? client.list(persistentVolumeClaims) : [],
    mounts && isOnMachines ? client.list(persistentVolumes) : [],
    mounts && isOnMachines ? client.list(storageClasses) : [],
    pods.some(selectsNamespaces) ? client.list(namespaces) : [],
    isOnMachines && mayDisplace(pending, pods) ? client.list(podDisruptionBudgets) : [],
  ]);
  return {
    claims: new Map(claims.map((claim) => [`${claim.metadata.namespace}/${claim.metadata.name}`, claim])),
    volumes,
    classes: byName(classes),
    namespaces: new Map(labelled.map(({ metadata }) => [metadata.name ?? '', metadata.labels ?? {}])),
    budgets,
  };
}

const byName = <T extends KubeObject>(objects: T[]): Map<string, T> =>
  new Map(objects.map((object) => [object.metadata.name ?? '', object]));

const selectsNamespaces = (pod: Pod): boolean =>
  ownTerms(pod).some(({ hasNamespaceSelector }) => hasNamespaceSelector);

/** Only one that is more important than another can displace it. */
function mayDisplace(pending: Pod[], pods: Pod[]): boolean {
  let highest = Number.NEGATIVE_INFINITY;
  for (const pod of pending) highest = Math.max(highest, priorityOf(pod));
  return pods.some((pod) => pod.spec?.nodeName && !isTerminal(pod) && priorityOf(pod) < highest);
}
