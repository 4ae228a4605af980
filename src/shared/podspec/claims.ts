import type { PersistentVolumeClaim, PersistentVolumeSpec, Pod, Volume } from '../kinds/schema/types.ts';
import { controllerOf } from '../meta/object.ts';
import { ConfigError, type PodContext } from './context.ts';

/** Returns whether a claim stands between the volume and what it is made of. */
export const isClaimed = ({ persistentVolumeClaim, ephemeral }: Volume): boolean =>
  Boolean(persistentVolumeClaim ?? ephemeral);

/** Returns the name of the claim that a volume of a Pod is mounted through; undefined for one that needs none. */
export const claimNameOf = (
  { metadata }: Pod,
  { name, persistentVolumeClaim, ephemeral }: Volume,
): string | undefined =>
  ephemeral ? `${metadata.name}-${name}` : persistentVolumeClaim?.claimName || undefined;

/** Returns the names of the claims that a Pod mounts. */
export const claimNames = (pod: Pod): string[] =>
  (pod.spec?.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []);

/**
 * Returns why a Pod may not mount a claim that bears the name of one of its own, as Kubernetes says it; undefined where
 * it may, and for claims that it does not ask to be its own.
 */
export function foreignClaim(pod: Pod, claim: PersistentVolumeClaim): string | undefined {
  const { namespace, name, uid } = pod.metadata;
  const isOwn = pod.spec?.volumes?.some(
    (volume) => volume.ephemeral && claimNameOf(pod, volume) === claim.metadata.name,
  );
  return !isOwn || controllerOf(claim)?.uid === uid
    ? undefined
    : `PVC ${claim.metadata.namespace}/${claim.metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}

/** Returns what the volume that a Pod claims is made of. Throws ConfigError while the claim has none. */
export async function claimedSpec(
  volume: Volume,
  { pod, sources }: Pick<PodContext, 'pod' | 'sources'>,
): Promise<PersistentVolumeSpec> {
  const name = claimNameOf(pod, volume) ?? '';
  const found = await sources.volume?.(name);
  if (!found?.spec) throw new ConfigError(`persistentvolumeclaim "${name}" is not bound to a volume`);
  return found.spec;
}
