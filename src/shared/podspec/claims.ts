import type { PersistentVolumeSpec, Volume } from '../kinds/schema/types.ts';
import { ConfigError, type PodContext } from './context.ts';

/** Returns what the volume that a Pod claims is made of. Throws ConfigError while the claim has none. */
export async function claimedSpec(
  { persistentVolumeClaim: claim }: Volume,
  { sources }: PodContext,
): Promise<PersistentVolumeSpec> {
  const name = claim?.claimName ?? '';
  const volume = await sources.volume?.(name);
  if (!volume?.spec) throw new ConfigError(`persistentvolumeclaim "${name}" is not bound to a volume`);
  return volume.spec;
}
