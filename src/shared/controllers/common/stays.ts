import type { Reader } from '../../client/client.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';

/**
 * Whether this incarnation is there still and not on its way out. What fails for an object that goes may fail because
 * another run frees what it had: of that nobody is told.
 */
export async function stays<T extends KubeObject>(
  client: Pick<Reader, 'get'>,
  resource: Resource<T>,
  { metadata }: T,
): Promise<boolean> {
  const now = await client.get(resource, metadata.namespace ?? '', metadata.name ?? '');
  return now !== undefined && now.metadata.uid === metadata.uid && !now.metadata.deletionTimestamp;
}
