import { ApiError } from '../../../shared/errors/apiError.ts';
import type { Change, Stored } from '../../../shared/ports/storage.ts';
import { itemOf, spaceOf } from '../../../shared/storage/log/keys.ts';
import { turnover } from '../../../shared/storage/log/turnover.ts';
import { chunkPlaces } from './blob.ts';
import { encodeClaim, encodeFreed } from './claims.ts';
import type { Footing } from './forks/footing.ts';
import { noting } from './forks/notes.ts';
import { type Item, keyAttributes, ownerPlace, type Place, textOf } from './layout.ts';
import { type EntryTimes, encodeChange, encodeGone, encodeObject } from './records.ts';
import { firstClaim, type Write } from './requests.ts';

const longestTransaction = 3_900_000;
/** Bytes: a log entry has two beside 350,000 of its body, and an item 409,600 in all. */
const longestIndex = 24_000;
/** A put leaves room for what its object's deletion may need more: chunks of two states in one log entry, and a note. */
const mostItems = { put: 90, delete: 100 };

/** Describes when and how a write is made. */
export interface Terms {
  entry: EntryTimes;
  /** When its revision was reserved, in milliseconds since the epoch. */
  touched: number;
  /** When marks may go, in seconds since the epoch. */
  expires: number;
  /** The table has the format in which objects and log entries are packed. */
  packs: boolean;
}

/**
 * Makes the transaction of a change.
 *
 * @throws RequestEntityTooLarge
 */
export function writeOf(
  change: Change,
  footing: Footing,
  { entry: times, touched, expires, packs }: Terms,
): Write {
  const { type, previous } = change;
  const { key } = change.object;
  const [space, item, revision] = [spaceOf(key), itemOf(key), Number(change.object.revision)];
  const [entry, ...entryChunks] = encodeChange(space, item, change, times, packs);
  const [state, ...objectChunks]: [Item, ...Item[]] =
    type === 'put'
      ? encodeObject(space, item, change.object, packs)
      : [encodeGone(space, item, revision, footing.isHiding ? undefined : expires)];
  const object: Item = footing.note ? { ...state, ...noting(footing.note) } : state;
  // What a fork has from its base was never recorded for it.
  const before = previous?.writtenIn === undefined ? previous?.index : undefined;
  const after = type === 'put' ? change.object.index : undefined;
  // Only what changes: an update that keeps its owners and claims writes nothing of them.
  const owners = turnover(before?.owners, after?.owners);
  const claims = turnover(before?.claims, after?.claims);
  const write: Write = {
    ...{ object, space, revision, touched, entry, found: footing.found },
    claims: claims.gained.map((claim) => encodeClaim(key, claim)),
    put: [
      ...entryChunks,
      ...objectChunks,
      ...owners.gained.map((owner) => keyAttributes(ownerPlace(space, owner, item))),
      ...claims.lost.map((claim) => encodeFreed(key, claim, { revision, at: times.at, expires })),
      ...(footing.note ? [footing.note] : []),
    ],
    remove: [
      ...owners.lost.map((owner) => ownerPlace(space, owner, item)),
      // A note goes on needing them.
      ...(footing.note || !before ? [] : oldChunks(space, previous)),
    ],
  };
  const bodies = [object, entry, ...entryChunks, ...objectChunks, ...(footing.note ? [footing.note] : [])];
  const length = bodies.reduce((sum, i) => sum + (i.body?.B?.length ?? 0), 0);
  const items = firstClaim + write.claims.length + write.put.length + write.remove.length;
  const most = mostItems[type] + (footing.note && type === 'put' ? 1 : 0);
  const indexLength = Buffer.byteLength(textOf(object, 'index'));
  if (length > longestTransaction || items > most || indexLength > longestIndex)
    throw new ApiError('RequestEntityTooLarge', `${key.resource} "${key.name}" is too large to be stored`);
  return write;
}

/** Chunks of the state that goes. How many there are follows from encoding it again. */
function oldChunks(space: string, previous?: Stored): Place[] {
  if (!previous || previous.value.length <= 350_000) return [];
  const [main] = encodeObject(space, itemOf(previous.key), previous);
  return chunkPlaces({ space, of: 'o', revision: Number(previous.revision) }, main);
}
