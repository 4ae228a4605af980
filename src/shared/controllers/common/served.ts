import type { Reader, ServedResource } from '../../client/client.ts';
import { apiVersionOf, resourceName } from '../../kinds/kind.ts';
import type { OwnerReference } from '../../kinds/schema/types.ts';

/** Describes what a logical cluster serves, by the names that objects give it. */
export interface ServedIndex {
  /** By resource name, in the preferred version. */
  byName: ReadonlyMap<string, ServedResource>;
  /** Returns what an owner reference speaks of; undefined when nothing of that apiVersion and kind is served. */
  ownerKind(owner: Pick<OwnerReference, 'apiVersion' | 'kind'>): ServedResource | undefined;
}

const known = new WeakMap<readonly ServedResource[], ServedIndex>();

/** Returns what the logical cluster of the client serves, indexed once for each state of it. */
export async function servedBy(client: Pick<Reader, 'resources'>): Promise<ServedIndex> {
  const resources = await client.resources();
  const found = known.get(resources) ?? indexed(resources);
  known.set(resources, found);
  return found;
}

function indexed(resources: readonly ServedResource[]): ServedIndex {
  const byName = new Map<string, ServedResource>();
  const byKind = new Map<string, ServedResource>();
  for (const resource of resources) {
    const name = resourceName(resource);
    if (!byName.has(name)) byName.set(name, resource);
    byKind.set(`${apiVersionOf(resource)}|${resource.kind}`, resource);
  }
  return { byName, ownerKind: ({ apiVersion, kind }) => byKind.get(`${apiVersion}|${kind}`) };
}
