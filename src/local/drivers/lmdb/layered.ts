import { compareItems } from '../../../shared/storage/log/keys.ts';
import { asOf } from '../../../shared/storage/log/snapshot.ts';
import { firstReplacedAfter, ownerCandidates, replacedIn } from './history.ts';
import type { Tables } from './tables.ts';

/** An item with what its space says of it: its revision, or below zero that of its deletion. */
type Entry = [item: string, pointer: number];

/** Describes which part of a space is looked at. */
export interface Part {
  namespace?: string | undefined;
  /** Items up to and with this one are left out. */
  after?: string | undefined;
}

/**
 * The revision of an item as its cluster shows it, `at` a revision or now: what its space says, else what the one below
 * said at the fork, and so on down.
 */
export function resolve(tables: Tables, space: string, item: string, at?: number): number | undefined {
  const own = ownPointer(tables, space, item, at);
  if (own !== undefined) return own > 0 ? own : undefined;
  const below = tables.layers.below(space);
  return below && resolve(tables, below.space, item, below.revision);
}

/** Returns what the space itself said of an item `at` a revision. */
function ownPointer(tables: Tables, space: string, item: string, at?: number): number | undefined {
  const now = tables.current.get(tables.itemKey(space, item));
  if (at === undefined || (now !== undefined && Math.abs(now) <= at)) return now;
  const before = firstReplacedAfter(tables, space, item, at);
  return before !== undefined && Math.abs(before) <= at ? before : undefined;
}

/** Everything that a space shows, in key order, each with its revision. */
export function* visible(tables: Tables, space: string, part: Part, at?: number): Generator<Entry> {
  const own = at === undefined ? tables.pointers(space, part) : ownAt(tables, space, part, at);
  const below = tables.layers.below(space);
  if (!below) {
    for (const entry of own) if (entry[1] > 0) yield entry;
    return;
  }
  const inherited = visible(tables, below.space, part, below.revision);
  let next = inherited.next();
  for (const entry of own) {
    for (; !next.done && compareItems(next.value[0], entry[0]) < 0; next = inherited.next()) yield next.value;
    if (!next.done && next.value[0] === entry[0]) next = inherited.next();
    if (entry[1] > 0) yield entry;
  }
  for (; !next.done; next = inherited.next()) yield next.value;
}

/** Returns what the space itself said at a revision that a fork reads. */
function ownAt(tables: Tables, space: string, part: Part, at: number): Iterable<Entry> {
  const past = new Map<string, number | undefined>();
  for (const { item, replacedAt, pointer } of replacedIn(tables, space, part))
    if (replacedAt > at && !past.has(item)) past.set(item, Math.abs(pointer) <= at ? pointer : undefined);
  return asOf(upTo(tables.pointers(space, part), at), past);
}

function* upTo(entries: Iterable<Entry>, at: number): Generator<Entry> {
  for (const entry of entries) if (Math.abs(entry[1]) <= at) yield entry;
}

/** Returns what a fork shows of an owner: candidates of all layers, those kept that have the owner now. */
export function* ownedIn(tables: Tables, space: string, owner: string, part: Part): Generator<Entry> {
  const items = new Set<string>();
  for (let at: string | undefined = space; at !== undefined; at = tables.layers.below(at)?.space)
    for (const item of ownerCandidates(tables, at, owner, part)) items.add(item);
  for (const item of [...items].sort(compareItems)) {
    const pointer = resolve(tables, space, item);
    if (pointer !== undefined && tables.load(space, item, pointer).index.owners?.includes(owner))
      yield [item, pointer];
  }
}
