import type { Storage, Stored } from '../../ports/storage.ts';

/** Tells of every write that was acknowledged; `stored` is the last state of what was deleted. */
export function noticed(inner: Storage, notice: (stored: Stored, deleted: boolean) => void): Storage {
  const telling = async (write: Promise<Stored>, deleted: boolean) => {
    const stored = await write;
    notice(stored, deleted);
    return stored;
  };
  return {
    create: (key, build, index) => telling(inner.create(key, build, index), false),
    update: (key, expected, build, index) => telling(inner.update(key, expected, build, index), false),
    delete: (key, expected, last) => telling(inner.delete(key, expected, last), true),
    get: (key) => inner.get(key),
    list: (scope, page) => inner.list(scope, page),
    owned: (cluster, owner) => inner.owned(cluster, owner),
    claims: (resource) => inner.claims(resource),
    watch: (scope, since, signal) => inner.watch(scope, since, signal),
    head: (cluster, resource) => inner.head(cluster, resource),
    advance: (cluster, resource, quietMs) => inner.advance(cluster, resource, quietMs),
    drop: (cluster) => inner.drop(cluster),
    fork: (base, cluster, options) => inner.fork(base, cluster, options),
    forks: (base) => inner.forks(base),
    heads: (cluster) => inner.heads(cluster),
    size: (cluster) => inner.size(cluster),
    close: () => inner.close(),
  };
}
