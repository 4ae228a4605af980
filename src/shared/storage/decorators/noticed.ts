import type { Storage, Stored } from '../../ports/storage.ts';
import { passing } from './passing.ts';

/** Tells of every write that was acknowledged; `stored` is the last state of what was deleted. */
export function noticed(inner: Storage, notice: (stored: Stored, deleted: boolean) => void): Storage {
  const telling = async (write: Promise<Stored>, deleted: boolean) => {
    const stored = await write;
    notice(stored, deleted);
    return stored;
  };
  return {
    ...passing(inner),
    create: (key, build, index) => telling(inner.create(key, build, index), false),
    update: (key, expected, build, index) => telling(inner.update(key, expected, build, index), false),
    delete: (key, expected, last) => telling(inner.delete(key, expected, last), true),
  };
}
