import type { Index, Key } from '../../../shared/ports/storage.ts';
import { keyOf } from '../../../shared/storage/log/keys.ts';
import { chunkPlaces } from './blob.ts';
import { encodeClaim, encodeFreed, type Loss } from './claims.ts';
import { type Item, numberOf, objectPlace, ownerPlace, type Place, textOf } from './layout.ts';
import type { Table } from './table.ts';

const deletesAtOnce = 25;

/** Removes the objects of a space with all that belongs to them; the log, and the marks of what they lose, go by their TTL. */
export async function dropSpace(
  table: Table,
  space: string,
  loss: Loss,
  gone: (item: string) => void,
): Promise<void> {
  const { pk } = objectPlace(space, '');
  for (;;) {
    // Always the first page: what was on it is deleted then.
    const { items } = await table.page({ pk });
    if (!items.length) return;
    // Objects last: a drop that stops half-way finds the rest again. By then its claims may be somebody else's.
    await eachOf(
      items.flatMap((item) => claimsOf(space, item)),
      ([key, claim]) => table.release(encodeClaim(key, claim), encodeFreed(key, claim, loss)),
    );
    await deleteAll(
      table,
      items.flatMap((item) => besides(space, item)),
    );
    await deleteAll(
      table,
      items.map((item) => objectPlace(space, textOf(item, 'sk'))),
    );
    for (const item of items) gone(textOf(item, 'sk'));
  }
}

const deleteAll = (table: Table, places: Place[]) => eachOf(places, (place) => table.delete(place));

async function eachOf<T>(all: T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += deletesAtOnce)
    await Promise.all(all.slice(at, at + deletesAtOnce).map(work));
}

const indexIn = (item: Item): Index => JSON.parse(textOf(item, 'index') || '{}');

const claimsOf = (space: string, item: Item): [Key, string][] =>
  (indexIn(item).claims ?? []).map((claim) => [keyOf(space, textOf(item, 'sk')), claim]);

function besides(space: string, item: Item): Place[] {
  return [
    ...(indexIn(item).owners ?? []).map((owner) => ownerPlace(space, owner, textOf(item, 'sk'))),
    ...chunkPlaces({ space, of: 'o', revision: numberOf(item, 'revision') }, item),
  ];
}
