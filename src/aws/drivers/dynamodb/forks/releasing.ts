import { separator, spaceOf } from '../../../../shared/storage/log/keys.ts';
import { formerPlace, type Item, type Place, pastPlace, textOf } from '../layout.ts';
import type { Table } from '../table.ts';
import { chunksOf, noteOf } from './notes.ts';
import type { Fork } from './record.ts';
import { forksOf, resourcesOf } from './registered.ts';
import { thawRequest } from './requests.ts';

const deletesAtOnce = 25;

/**
 * Removes what a base has kept for this fork and no other, once nobody reads through the fork. What it looks at it has read
 * before it asks for the other forks: one that begins later says so before it freezes anything, and shows what is there then.
 */
export async function releaseNotes(table: Table, fork: Fork): Promise<void> {
  const formers = await formersIn(table, fork.base);
  // Those too that were frozen before it was dropped half-made.
  for (const resource of await resourcesOf(table, fork.base)) {
    const space = spaceOf({ cluster: fork.base, resource });
    const { forkedBy } = await table.counter(space);
    const notes = await notesIn(table, space);
    const reads = await readsOf(table, fork, resource);
    if (!reads) continue;
    const going = notes.filter((note) => {
      const { replacedAt, revision } = noteOf(note);
      return reads.every((at) => at < revision || at >= replacedAt);
    });
    const names = new Set(going.map((note) => textOf(note, 'sk')));
    // One without its note is of a write that is under way, or that never happened.
    const goes = (former: Item) => reads.length === 0 || names.has(noteNameOf(former));
    await removeAll(
      table,
      formers.filter((each) => resourceOf(each) === resource && goes(each)).map(placeOf),
    );
    await removeNotes(table, space, going);
    if (reads.length === 0 && forkedBy) await table.update(thawRequest(table.name, space, forkedBy));
  }
}

/** The revisions up to which others read a resource of the base; undefined: one of them has not got so far. */
async function readsOf(table: Table, fork: Fork, resource: string): Promise<number[] | undefined> {
  const others = (await forksOf(table, fork.base)).filter(
    ({ cluster, stage }) => cluster !== fork.cluster && stage !== 'gone',
  );
  if (others.some(({ stage }) => stage === 'freezing')) return undefined;
  return others.flatMap(({ layers }) => layers.get(resource)?.[0]?.revision ?? []);
}

/** All notes of a space. */
const notesIn = (table: Table, space: string): Promise<Item[]> =>
  table.all({ pk: pastPlace(space, '', 0).pk });

/** Removes notes, each after its chunks: one that stops half-way finds the rest again. */
async function removeNotes(table: Table, space: string, notes: readonly Item[]): Promise<void> {
  await removeAll(
    table,
    notes.flatMap((note) => chunksOf(space, note)),
  );
  await removeAll(table, notes.map(placeOf));
}

/** Removes all that is noted of a space, when its cluster goes. */
export async function removePast(table: Table, cluster: string, resource: string): Promise<void> {
  const space = spaceOf({ cluster, resource });
  const formers = await formersIn(table, cluster);
  await removeAll(table, formers.filter((each) => resourceOf(each) === resource).map(placeOf));
  await removeNotes(table, space, await notesIn(table, space));
}

const formersIn = (table: Table, cluster: string): Promise<Item[]> =>
  table.all({ pk: formerPlace(spaceOf({ cluster, resource: '' }), '', '', 0).pk });

const resourceOf = (former: Item): string | undefined => textOf(former, 'sk').split(separator)[1];

const noteNameOf = (former: Item): string => textOf(former, 'sk').split(separator).slice(2).join(separator);

const placeOf = (item: Item): Place => ({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') });

async function removeAll(table: Table, places: readonly Place[]): Promise<void> {
  for (let at = 0; at < places.length; at += deletesAtOnce)
    await Promise.all(places.slice(at, at + deletesAtOnce).map((place) => table.delete(place)));
}
