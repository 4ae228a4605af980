import { separator } from '../../../shared/storage/log/keys.ts';
import type { Part } from './layered.ts';
import { ownerKey, ownersRange, rangeOf, under } from './ranges.ts';
import type { Tables } from './tables.ts';

/** Describes what `current` said of an item before it was replaced. */
export interface Replaced {
  item: string;
  /** The revision that replaced it. */
  replacedAt: number;
  pointer: number;
}

/** Returns what `history` says of a space: of each item the oldest first. */
export function* replacedIn({ history }: Tables, space: string, part: Part): Generator<Replaced> {
  const { base, range } = rangeOf(space, part);
  for (const { key, value: pointer } of history.getRange(range)) {
    const end = key.lastIndexOf(separator);
    const item = key.slice(base.length, end);
    if (item !== part.after) yield { item, replacedAt: Number(key.slice(end + 1)), pointer };
  }
}

/** Returns what an item was before the first replacement after a revision that `history` knows of. */
export function firstReplacedAfter(
  { history, itemKey }: Tables,
  space: string,
  item: string,
  revision: number,
): number | undefined {
  const start = historyKey(space, item, revision + 1);
  const { end } = under(itemKey(space, item) + separator);
  for (const { value } of history.getRange({ start, end, limit: 1 })) return value;
  return undefined;
}

/** Items of a space that have the owner, or had it in a state that a fork shows. */
export function* ownerCandidates(
  tables: Tables,
  space: string,
  owner: string,
  part: Part,
): Generator<string> {
  const base = ownerKey(space, owner, '');
  yield* ownersRange(tables.owners, base, part);
  for (const dated of ownersRange(tables.pastOwners, base, part)) {
    const item = dated.slice(0, dated.lastIndexOf(separator));
    if (item !== part.after) yield item;
  }
}

/** Digits of every safe integer: byte order is the order of revisions. */
const digits = 16;
const padded = (revision: number) => String(revision).padStart(digits, '0');

export const historyKey = (space: string, item: string, replacedAt: number): string =>
  [space, item, padded(replacedAt)].join(separator);

export const pastOwnerKey = (space: string, owner: string, item: string, replacedAt: number): string =>
  [ownerKey(space, owner, item), padded(replacedAt)].join(separator);
