import type { Reader } from '../../shared/client/client.ts';
import type { Resource } from '../../shared/kinds/kind.ts';
import type { KubeObject } from '../../shared/meta/object.ts';

/**
 * True while this incarnation (same uid) exists and is not being deleted. Used to suppress error Events for objects on
 * their way out: another run may already be freeing what they had.
 */
export async function stillExists<T extends KubeObject>(
  client: Pick<Reader, 'get'>,
  resource: Resource<T>,
  { metadata }: T,
): Promise<boolean> {
  const now = await client.get(resource, metadata.namespace ?? '', metadata.name ?? '');
  return now !== undefined && now.metadata.uid === metadata.uid && !now.metadata.deletionTimestamp;
}
