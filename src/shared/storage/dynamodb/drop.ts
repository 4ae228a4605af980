import { chunkPlaces } from './blob.ts';
import { type Item, numberOf, objectPlace, ownerPlace, type Place, textOf } from './layout.ts';
import type { Table } from './table.ts';

const deletesAtOnce = 25;

/** Removes the objects of a space with all that belongs to them; the log goes by its TTL. */
export async function dropSpace(table: Table, space: string, gone: (item: string) => void): Promise<void> {
  const { pk } = objectPlace(space, '');
  for (;;) {
    // Always the first page: what was on it is deleted then.
    const { items } = await table.page({ pk });
    if (!items.length) return;
    // Objects last: a drop that stops half-way finds the rest again.
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

async function deleteAll(table: Table, places: Place[]): Promise<void> {
  for (let at = 0; at < places.length; at += deletesAtOnce)
    await Promise.all(places.slice(at, at + deletesAtOnce).map((place) => table.delete(place)));
}

function besides(space: string, item: Item): Place[] {
  const index = textOf(item, 'index');
  const owners: string[] = index ? (JSON.parse(index).owners ?? []) : [];
  return [
    ...owners.map((owner) => ownerPlace(space, owner, textOf(item, 'sk'))),
    ...chunkPlaces({ space, of: 'o', revision: numberOf(item, 'revision') }, item),
  ];
}
