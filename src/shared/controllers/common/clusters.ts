import type { Reader } from '../../client/client.ts';
import { logicalClusters } from '../resources.ts';

/**
 * Tells the logical clusters that are there from those that are gone, for whoever sweeps in `default`: what was made in a
 * cloud as its cluster went belongs to nobody. Others judge their own cluster only.
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
