import type { Client } from '../../client/client.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';

/** The object with the finalizer, or without it, as wanted. Throws Conflict when it has changed meanwhile. */
export async function setFinalizer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  finalizer: string,
  wanted: boolean,
): Promise<T> {
  const { namespace = '', name = '', resourceVersion, finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer) === wanted) return object;
  const next = wanted ? [...finalizers, finalizer] : finalizers.filter((f) => f !== finalizer);
  return client.patch(resource, namespace, name, { metadata: { resourceVersion, finalizers: next } });
}
