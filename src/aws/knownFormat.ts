import type { Storage } from '../shared/ports/storage.ts';
import { passing } from '../shared/storage/decorators/passing.ts';
import { checkFormat, type FormatOptions } from './drivers/dynamodb/format.ts';

/**
 * Refuses a table that a newer version has written: every operation throws its format by name, before anything is read or
 * written. A process asks once, by one read.
 */
export function ofKnownFormat(inner: Storage, options: FormatOptions): Storage {
  let known: Promise<void> | undefined;
  const check = () => {
    known ??= checkFormat(options).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const after = async <T>(act: () => Promise<T>): Promise<T> => {
    await check();
    return act();
  };
  return {
    ...passing(inner),
    create: (key, build, index) => after(() => inner.create(key, build, index)),
    update: (key, expected, build, index) => after(() => inner.update(key, expected, build, index)),
    delete: (key, expected, last) => after(() => inner.delete(key, expected, last)),
    get: (key) => after(() => inner.get(key)),
    list: (scope, page) => after(() => inner.list(scope, page)),
    drop: (cluster) => after(() => inner.drop(cluster)),
    async *watch(scope, since, signal) {
      await check();
      yield* inner.watch(scope, since, signal);
    },
  };
}
