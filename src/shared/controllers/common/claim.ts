import type { LabelSelector, Pod } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference, type KubeObject } from '../../meta/object.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';
import { selects } from './selector.ts';

/** Is an object that adopts others by a selector; its address is needed for the owner reference. */
export interface Claimant extends KubeObject {
  apiVersion: string;
  kind: string;
}

/**
 * The Pods that an object controls. Those that its selector selects and nobody controls are adopted, those that it
 * selects no more are let go; an object that is being deleted only has what it has.
 * @param mayAdopt what a Pod has to be beside that.
 */
export async function claimPods(
  owner: Claimant,
  selector: LabelSelector | undefined,
  { client }: ReconcileContext,
  mayAdopt: (pod: Pod) => boolean = () => true,
): Promise<Pod[]> {
  const { namespace = '', uid = '', deletionTimestamp } = owner.metadata;
  const all = await client.list(pods, { namespace, ...(deletionTimestamp && { owner: uid }) });
  const owned = all.filter((pod) => controllerOf(pod)?.uid === uid);
  if (deletionTimestamp) return owned;
  const refer = ({ metadata }: Pod, ownerReferences: object[]) =>
    client.patch(pods, namespace, metadata.name ?? '', {
      metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion, ownerReferences },
    });
  const kept: Pod[] = [];
  for (const pod of owned) {
    const { ownerReferences = [], labels, deletionTimestamp: isGoing } = pod.metadata;
    if (selects(selector, labels) || isGoing) kept.push(pod);
    else
      await refer(
        pod,
        ownerReferences.filter((reference) => reference.uid !== uid),
      );
  }
  for (const pod of all) {
    const { ownerReferences = [], labels, deletionTimestamp: isGoing } = pod.metadata;
    if (!controllerOf(pod) && !isGoing && selects(selector, labels) && mayAdopt(pod))
      kept.push(await refer(pod, [...ownerReferences, controllerReference(owner)]));
  }
  return kept;
}
