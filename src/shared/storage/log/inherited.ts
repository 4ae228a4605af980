import type { Index, Stored } from '../../ports/storage.ts';

/** An index without claims: those of an object that a fork has from its base are the base's. */
export function unclaimed(index: Index): Index {
  if (!index.claims) return index;
  const { claims: _, ...rest } = index;
  return rest;
}

/** An object of a base as its fork `cluster` shows it. */
export const inherited = (stored: Stored, cluster: string): Stored => ({
  key: { ...stored.key, cluster },
  revision: stored.revision,
  value: stored.value,
  index: unclaimed(stored.index),
  writtenIn: stored.writtenIn ?? stored.key.cluster,
});
