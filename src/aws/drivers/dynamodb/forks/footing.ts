import type { Key } from '../../../../shared/ports/storage.ts';
import { keyConflict } from '../../../../shared/storage/log/errors.ts';
import { itemOf, spaceOf } from '../../../../shared/storage/log/keys.ts';
import { type Item, objectPlace } from '../layout.ts';
import { isGone, revisionIn } from '../records.ts';
import type { Found } from '../requests.ts';
import type { Counter, Table } from '../table.ts';
import type { WriteOrder } from '../writer.ts';
import type { Layered } from './layered.ts';
import { encodeFormer, encodeGoneNote, encodeNote } from './notes.ts';
import type { Fork } from './record.ts';
import { forkToRead, notReady } from './registered.ts';
import { dropped, reusedRequest } from './requests.ts';

/** What a write finds, and what of that forks show. */
export interface Footing {
  found: Found;
  /** The base of this fork has the object: its deletion has to stay. */
  isHiding: boolean;
  /** What forks of this cluster show, to be put beside. */
  note?: Item;
}

type Previous = { revision: string; writtenIn?: string | undefined } & Parameters<typeof encodeNote>[2];

/** Looks at what is below a write, and at who reads what it replaces: no request where its counter names no fork. */
export async function footingOf(
  { table, layered }: { table: Table; layered: Layered },
  order: WriteOrder,
  counter: Counter,
  previous: Previous | undefined,
): Promise<Footing> {
  const { key } = order;
  const isInherited = previous?.writtenIn !== undefined;
  if (!counter.fork) {
    // It was a fork when the state was read.
    if (isInherited) throw keyConflict(key);
    return { found: foundOf(previous), isHiding: false, ...noteFor(key, counter, previous) };
  }
  const fork = await forkToRead(table, key.cluster);
  if (counter.fork === dropped) {
    // The drop is over: the name is used again, by a cluster that has nothing of this resource from a base.
    await table.update(reusedRequest(table.name, spaceOf(key)));
    return footingOf({ table, layered }, order, { ...counter, fork: '' }, previous);
  }
  if (fork?.id !== counter.fork) throw notReady(key.cluster);
  if (!previous) return footingOfNew({ table, layered }, fork, key, counter);
  if (!isInherited && order.type === 'put')
    return { found: foundOf(previous), isHiding: false, ...noteFor(key, counter, previous) };
  const below = await layered.get(fork, key);
  if (!isInherited)
    return { found: foundOf(previous), isHiding: !!below, ...noteFor(key, counter, previous) };
  // Of another fork of the same name a revision says nothing.
  if (below?.revision !== previous.revision || below.writtenIn !== previous.writtenIn) throw keyConflict(key);
  return { found: { is: 'nothing' }, isHiding: true };
}

const foundOf = (previous: Previous | undefined): Found =>
  previous ? { is: 'object', revision: Number(previous.revision) } : { is: 'free' };

/** What the base shows can only be made where it was deleted; and forks of the fork may go by that deletion. */
async function footingOfNew(
  { table, layered }: { table: Table; layered: Layered },
  fork: Fork,
  key: Key,
  counter: Counter,
): Promise<Footing> {
  const [space, item] = [spaceOf(key), itemOf(key)];
  const below = await layered.get(fork, key);
  const free: Footing = { found: { is: below ? 'deleted' : 'free' }, isHiding: !!below };
  if (!counter.forked || !below) return free;
  const own = await table.get(objectPlace(space, item));
  if (!own || !isGone(own) || revisionIn(own) > counter.revision) return free;
  const revision = revisionIn(own);
  const note = revision <= counter.forked && encodeGoneNote(space, item, revision, counter.revision);
  return { found: { is: 'deletion', revision }, isHiding: true, ...(note && { note }) };
}

function noteFor(key: Key, counter: Counter, previous: Previous | undefined): { note?: Item } {
  if (!previous || Number(previous.revision) > counter.forked) return {};
  return { note: encodeNote(spaceOf(key), itemOf(key), previous, counter.revision) };
}

/** Before a note is made: that its state has its owners, for who looks for those. */
export async function putFormers(table: Table, key: Key, counter: Counter, owners: readonly string[] = []) {
  const [space, item] = [spaceOf(key), itemOf(key)];
  await Promise.all(owners.map((owner) => table.put(encodeFormer(space, owner, item, counter.revision))));
}
