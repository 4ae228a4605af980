import type { Storage } from '../../ports/storage.ts';

/** Told of every storage operation that answered, refusals too, with its duration in seconds. */
export type Observe = (operation: string, resource: string, seconds: number) => void;

/** Times what a storage does, but watches. `now` is monotonic, in milliseconds. */
export function measured(inner: Storage, observe: Observe, now: () => number): Storage {
  const timed = async <T>(start: number, operation: string, resource: string, result: Promise<T>) => {
    try {
      return await result;
    } finally {
      observe(operation, resource, (now() - start) / 1000);
    }
  };
  return {
    create: (key, build, index) => timed(now(), 'create', key.resource, inner.create(key, build, index)),
    get: (key) => timed(now(), 'get', key.resource, inner.get(key)),
    list: (scope, page) => timed(now(), 'list', scope.resource, inner.list(scope, page)),
    update: (key, expected, build, index) =>
      timed(now(), 'update', key.resource, inner.update(key, expected, build, index)),
    delete: (key, expected, last) => timed(now(), 'delete', key.resource, inner.delete(key, expected, last)),
    owned: (cluster, owner) => inner.owned(cluster, owner),
    claims: (resource) => inner.claims(resource),
    watch: (scope, since, signal) => inner.watch(scope, since, signal),
    head: (cluster, resource) => inner.head(cluster, resource),
    advance: (cluster, resource, quietMs) => inner.advance(cluster, resource, quietMs),
    drop: (cluster) => inner.drop(cluster),
    fork: (base, cluster, options) => timed(now(), 'fork', '', inner.fork(base, cluster, options)),
    forks: (base) => inner.forks(base),
    heads: (cluster) => inner.heads(cluster),
    size: (cluster) => inner.size(cluster),
    close: () => inner.close(),
  };
}
