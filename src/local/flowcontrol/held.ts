import type { Storage } from '../../shared/ports/storage.ts';

/** Is how many objects of a resource there are, and their size together. */
export interface Held {
  count: number;
  bytes: number;
}

/** Says what was there of a resource when somebody last listed all of it, and what has come and gone since. */
export type HeldOf = (cluster: string, resource: string) => Held | undefined;

/** Keeps count of what a storage holds, by what goes through it: nothing is read for it. */
export function counting(storage: Storage): { storage: Storage; heldOf: HeldOf } {
  const known = new Map<string, Held>();
  const keyOf = ({ cluster, resource }: { cluster: string; resource: string }) => `${cluster}/${resource}`;
  const change = (key: string, objects: number, bytes: number) => {
    const held = known.get(key);
    if (!held) return;
    held.count = Math.max(0, held.count + objects);
    held.bytes = Math.max(0, held.bytes + bytes);
  };
  const forget = (cluster: string) => {
    for (const key of known.keys()) if (key.startsWith(`${cluster}/`)) known.delete(key);
  };
  return {
    heldOf: (cluster, resource) => known.get(keyOf({ cluster, resource })),
    storage: {
      get: (key) => storage.get(key),
      update: (key, expected, build, index) => storage.update(key, expected, build, index),
      owned: (cluster, owner) => storage.owned(cluster, owner),
      claims: (resource) => storage.claims(resource),
      watch: (scope, since, signal) => storage.watch(scope, since, signal),
      ...(storage.knowsHeads && { knowsHeads: true }),
      head: (cluster, resource) => storage.head(cluster, resource),
      advance: (cluster, resource, quietMs) => storage.advance(cluster, resource, quietMs),
      forks: (base) => storage.forks(base),
      heads: (cluster) => storage.heads(cluster),
      size: (cluster) => storage.size(cluster),
      close: () => storage.close(),
      create: async (key, build, index) => {
        const stored = await storage.create(key, build, index);
        change(keyOf(key), 1, stored.value.length);
        return stored;
      },
      delete: async (key, expected, last) => {
        const stored = await storage.delete(key, expected, last);
        change(keyOf(key), -1, -stored.value.length);
        return stored;
      },
      list: async (scope, page) => {
        const listing = await storage.list(scope, page);
        const isFirstOfAll =
          scope.namespace === undefined &&
          scope.owner === undefined &&
          !page?.cursor &&
          !page?.after &&
          page?.at === undefined;
        if (isFirstOfAll) {
          const { items, remaining = 0 } = listing;
          const bytes = items.reduce((sum, { value }) => sum + value.length, 0);
          const count = items.length + remaining;
          known.set(keyOf(scope), { count, bytes: items.length ? (bytes * count) / items.length : 0 });
        }
        return listing;
      },
      drop: async (cluster) => {
        await storage.drop(cluster);
        forget(cluster);
      },
      fork: async (base, cluster, options) => {
        await storage.fork(base, cluster, options);
        forget(cluster);
      },
    },
  };
}
