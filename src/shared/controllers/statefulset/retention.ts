import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { isWanted } from './identity.ts';

/**
 * Returns who owns a claim, and so takes it with it when it goes: the set, or the Pod once it is one too many;
 * undefined when the claim says so already, or is somebody else's.
 */
export function ownersOf(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
): OwnerReference[] | undefined {
  const before = claim.metadata.ownerReferences ?? [];
  const own = controllerReference({ ...set, apiVersion: 'apps/v1', kind: 'StatefulSet' });
  const ofPod = controllerReference({ ...pod, apiVersion: 'v1', kind: 'Pod' });
  const isAbout = (ref: OwnerReference, to: OwnerReference) =>
    ref.apiVersion === to.apiVersion && ref.kind === to.kind && ref.name === to.name;
  // What an earlier set or Pod of that name left is the garbage collector's.
  if (before.some((ref) => [own, ofPod].some((to) => isAbout(ref, to) && ref.uid !== to.uid)))
    return undefined;
  const others = before.filter((ref) => !isAbout(ref, own) && !isAbout(ref, ofPod));
  const isOthers = others.some(({ controller }) => controller);
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const isSurplus = !isWanted(ordinal, set);
  const wanted =
    whenScaled === 'Delete' && isSurplus
      ? [ofPod]
      : whenDeleted === 'Delete' && !(whenScaled === 'Delete' && isSurplus)
        ? [own]
        : [];
  const next = isOthers ? others : [...others, ...wanted];
  const isSame =
    next.length === before.length &&
    next.every(({ uid, controller }) =>
      before.some((ref) => ref.uid === uid && ref.controller === controller),
    );
  return isSame ? undefined : next;
}

/** The claim is on its way out with the Pod that had the name before: the next one waits for a new claim. */
export const isStale = (claim: PersistentVolumeClaim, podName: string): boolean =>
  !!claim.metadata.deletionTimestamp ||
  !!claim.metadata.ownerReferences?.some(({ kind, name }) => kind === 'Pod' && name === podName);
