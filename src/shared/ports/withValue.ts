import type { Stored } from './storage.ts';

/** Returns an object with another value. It copies field by field: drivers may have getters, which a spread would lose. */
export const withValue = (stored: Stored, value: Uint8Array): Stored => ({
  key: stored.key,
  revision: stored.revision,
  value,
  get index() {
    return stored.index;
  },
  writtenIn: stored.writtenIn,
});
