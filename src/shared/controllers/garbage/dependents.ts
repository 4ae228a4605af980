import type { Reader } from '../../client/client.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import { parallel } from '../common/parallel.ts';
import { servedBy } from '../common/served.ts';

/** An object that names another one as its owner. */
export interface Dependent {
  resource: Resource;
  object: KubeObject;
}

/** The objects that have this one for an owner: one question, however many kinds there are, and a read of each. */
export async function dependentsOf({ metadata }: KubeObject, client: Reader): Promise<Dependent[]> {
  const { byName } = await servedBy(client);
  const found: Dependent[] = [];
  await parallel(await client.owned(metadata.uid ?? ''), 16, async ({ resource: of, namespace, name }) => {
    const resource = byName.get(of);
    const object = resource && (await client.get(resource, namespace, name));
    if (resource && object) found.push({ resource, object });
  });
  return found;
}
