import type { Connection } from '../../cli/kube/connection.ts';
import { pathOf } from '../../cli/kube/discovery.ts';
import { isNotFound } from '../../cli/kube/failure.ts';
import type { DeleteOptions, KubeObject, Reference } from '../types.ts';
import type { Wanted } from './conditions.ts';
import { objectsOf } from './manifests.ts';
import type { Address, Resources } from './resources.ts';
import { waitUntil } from './wait.ts';

const reference = /^[\w.-]+\/[^\s/]+$/;

/** Deletes what a reference or manifests name, the last first, and waits until all of it is gone. */
export async function deleteAll(
  connection: Connection,
  resources: Resources,
  what: Reference | readonly object[],
  { namespace, ignoreNotFound = false, wait = true, ...waiting }: DeleteOptions,
): Promise<void> {
  const named = typeof what === 'string' && reference.test(what) ? [what] : objectsOf(what).reverse();
  const going: { address: Address; uid: string | undefined }[] = [];
  for (const each of named) {
    const address = await resources.address(each, namespace);
    try {
      going.push({ address, uid: await deleteOne(connection, address) });
    } catch (error) {
      if (!(ignoreNotFound && isNotFound(error))) throw error;
    }
  }
  if (!wait) return;
  for (const { address, uid } of going)
    await waitUntil(connection, address, goneWith(uid), waiting).catch((error) => {
      // With its definition its whole resource has gone.
      if (!isNotFound(error)) throw error;
    });
}

/** Answers the uid of what goes; its children go after it. */
export async function deleteOne(
  connection: Connection,
  { resource, namespace, name }: Address,
): Promise<string | undefined> {
  const answer = await connection.json<Partial<KubeObject> & { details?: { uid?: string } }>({
    method: 'DELETE',
    path: pathOf(resource, namespace, name),
    body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
  });
  return answer.details?.uid ?? answer.metadata?.uid;
}

/** Gone, or another one has its name. */
export const goneWith = (uid: string | undefined): Wanted => ({
  text: 'gone',
  holds: (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid),
});
