import type { Storage } from '../../ports/storage.ts';
import { passing } from './passing.ts';

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
    ...passing(inner),
    create: (key, build, index) => timed(now(), 'create', key.resource, inner.create(key, build, index)),
    get: (key) => timed(now(), 'get', key.resource, inner.get(key)),
    list: (scope, page) => timed(now(), 'list', scope.resource, inner.list(scope, page)),
    update: (key, expected, build, index) =>
      timed(now(), 'update', key.resource, inner.update(key, expected, build, index)),
    delete: (key, expected, last) => timed(now(), 'delete', key.resource, inner.delete(key, expected, last)),
    fork: (base, cluster, options) => timed(now(), 'fork', '', inner.fork(base, cluster, options)),
  };
}
