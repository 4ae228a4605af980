import type { Storage } from '../../ports/storage.ts';

/** Passes everything on: what a decorator of few operations begins with. */
export function passing(inner: Storage): Storage {
  const { seen, knowsHeads } = inner;
  return {
    create: (key, build, index) => inner.create(key, build, index),
    update: (key, expected, build, index) => inner.update(key, expected, build, index),
    delete: (key, expected, last) => inner.delete(key, expected, last),
    get: (key) => inner.get(key),
    ...(seen && { seen: (key, revision) => seen.call(inner, key, revision) }),
    list: (scope, page) => inner.list(scope, page),
    owned: (cluster, owner) => inner.owned(cluster, owner),
    claims: (resource) => inner.claims(resource),
    watch: (scope, since, signal) => inner.watch(scope, since, signal),
    ...(knowsHeads && { knowsHeads }),
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
