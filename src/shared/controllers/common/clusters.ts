import type { Reader } from '../../client/client.ts';
import { logicalClusters } from '../resources.ts';

/**
 * Tells logical clusters that exist from those that are gone. A sweep in `default` needs it: what was made in a cloud
 * while its cluster was being deleted belongs to nobody. Sweeps in other clusters judge only their own.
 */
export async function standing(
  cluster: string,
  refs: { cluster: string }[],
  client: Reader,
): Promise<(name: string) => boolean> {
  if (cluster !== 'default' || refs.every((ref) => ref.cluster === cluster)) return () => true;
  const names = new Set((await client.list(logicalClusters)).map(({ metadata }) => metadata.name));
  return (name) => name === 'default' || names.has(name);
}
