import type { Reader } from '../../client/client.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { ObjectKey, WorkKey } from '../controller.ts';
import { standing } from './clusters.ts';

/** Describes what a cloud port holds for objects, and how it lets go of one. */
export interface Held<R> {
  list(): Promise<R[]>;
  remove(ref: R): Promise<void>;
}

/**
 * Removes what is held for objects that are gone or have been made anew under the same name: all of the cluster's, or those
 * of one name. `isGoing` says of an object that is there that nothing is held for it any more.
 */
export async function removeGone<R extends WorkKey & { uid: string }, T extends KubeObject>(
  held: Held<R>,
  resource: Resource<T>,
  cluster: string,
  only: ObjectKey | undefined,
  client: Reader,
  isGoing: (object: T) => boolean = () => false,
): Promise<void> {
  const all = await held.list();
  const stands = await standing(cluster, only ? [] : all, client);
  for (const ref of all) {
    if (!stands(ref.cluster)) await held.remove(ref);
    if (ref.cluster !== cluster) continue;
    if (only && (only.namespace !== ref.namespace || only.name !== ref.name)) continue;
    const object = await client.get(resource, ref.namespace, ref.name);
    if (object?.metadata.uid !== ref.uid || isGoing(object)) await held.remove(ref);
  }
}
