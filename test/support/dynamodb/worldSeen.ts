import type { Change, Listing, Storage, Stored } from '../../../src/shared/ports/storage.ts';

/** Where the writers of a history write. */
export const space = { cluster: 'default', resource: 'pods' };
/** Another logical cluster, whose objects claim of the same values. */
export const rival = { cluster: 'rival', resource: 'pods' };
/** What it claims. */
export const rivalClaim = 'c2';

/** A write as its caller saw it. */
export interface Outcome {
  id: string;
  path: string;
  kind: 'create' | 'update' | 'delete';
  expected?: string;
  /** Set: it happened, and was acknowledged. */
  revision?: number;
  /** Set: it was refused for good. Neither: nobody knows. */
  refused?: string;
  /** Of a refusal for its claims: those that were held. */
  held?: readonly string[];
}

export interface Seen {
  /** The newest acknowledged revision when the list began. */
  atLeast: number;
  listing: Listing;
}

/** A watch: what it began from, what it told, how far it said it was. */
export interface Watched {
  since: number;
  changes: Change[];
  progress: { revision: number; told: number }[];
  position: number;
  ended?: unknown;
}

export interface Read {
  path: string;
  /** The newest acknowledged revision of the object when the read began. */
  atLeast: number;
  stored: Stored | undefined;
}

/** A connection with a storage of its own, which may crash. */
export interface Process {
  storage: Storage;
  crash(): void;
  crashed: Promise<'crashed'>;
}

/** Times of its processes, in milliseconds. */
export const timings = { pollMs: 500, holeMs: 1_000, holdMs: 5_000, graceMs: 15_000 };
/** What is written. */
export const paths = ['a/x', 'a/y', 'b/x', 'b/z'];

/** Lists page by page; every page has to be of the same revision. */
export async function listWhole(storage: Storage, scope: typeof space, limit: number): Promise<Listing> {
  const listing = await storage.list(scope, { limit });
  for (let { cursor } = listing; cursor; ) {
    const next: Listing = await storage.list(scope, { limit, cursor });
    if (next.revision !== listing.revision) throw new Error('a page of another revision');
    listing.items.push(...next.items);
    cursor = next.cursor;
  }
  delete listing.cursor;
  return listing;
}
