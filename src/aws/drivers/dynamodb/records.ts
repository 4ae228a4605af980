import type { Change, Index, Stored } from '../../../shared/ports/storage.ts';
import { keyOf } from '../../../shared/storage/log/keys.ts';
import { type Blob, encodeBlob, longestPacked, packBlob } from './blob.ts';
import { type Item, keyAttributes, logPlace, number, numberOf, objectPlace, text, textOf } from './layout.ts';

/**
 * A log entry. `none` is a tombstone: no change will ever have that revision. `drop` is the end of everything before
 * it, and `begin` the beginning of a fork: the revisions before it need have no entries. `settled`: every revision up to it has its entry or will never have one.
 */
export interface Entry {
  revision: number;
  type: Change['type'] | 'none' | 'drop' | 'begin';
  at: number;
  settled: number;
  item: string;
  /** Absent for `none`, `drop` and `begin`. */
  change?: Change;
}

const smallObject = 8_192;
/** The states before and after a change differ little: together they compress well. */
const smallChange = 1_024;

const indexText = (index: Index): string => {
  for (const _ in index) return JSON.stringify(index);
  return '';
};
const parseIndex = (json: string): Index => (json ? JSON.parse(json) : {});

/**
 * The object's item and its chunks; `packs`: as a table of `packedFormat` has it. What may have chunks is not packed: how many
 * there are follows from its value alone.
 */
export function encodeObject(space: string, item: string, object: Stored, packs = false): [Item, ...Item[]] {
  const revision = Number(object.revision);
  const owner = { space, of: 'o' as const, revision };
  const { attributes, chunks }: Blob =
    packs && object.value.length <= longestPacked
      ? packBlob(owner, object.value)
      : encodeBlob(owner, object.value, smallObject);
  const main: Item = {
    ...keyAttributes(objectPlace(space, item)),
    revision: number(revision),
    index: text(indexText(object.index)),
    ...attributes,
  };
  return [main, ...chunks];
}

/**
 * Returns what a deletion leaves for a while in the object's place. Revisions are reserved before they are written, so
 * a create with an older revision may still be on its way: without the mark it would come before the deletion in the
 * log, yet after it in the table. Without `expires` it stays: it hides what a fork has from its base.
 */
export const encodeGone = (space: string, item: string, revision: number, expires?: number): Item => ({
  ...keyAttributes(objectPlace(space, item)),
  gone: number(revision),
  ...(expires !== undefined && { expires: number(expires) }),
});

export const isGone = (item: Item): boolean => item.gone !== undefined;

/** The revision of an object, or of its deletion. */
export const revisionIn = (item: Item): number => numberOf(item, isGone(item) ? 'gone' : 'revision');

export const decodeObject = (space: string, item: Item, value: Uint8Array): Stored => ({
  key: keyOf(space, textOf(item, 'sk')),
  revision: String(numberOf(item, 'revision')),
  value,
  index: parseIndex(textOf(item, 'index')),
});

export interface EntryTimes {
  at: number;
  /** Seconds since the epoch after which DynamoDB may remove it. */
  expires: number;
  settled?: number;
}

/** The log entry of a change and its chunks; `packs`: as a table of `packedFormat` has it. */
export function encodeChange(
  space: string,
  item: string,
  change: Change,
  times: EntryTimes,
  packs: boolean,
): [Item, ...Item[]] {
  const { type, object, previous } = change;
  const revision = Number(object.revision);
  const owner = { space, of: 'l' as const, revision };
  const expires = { expires: number(times.expires) };
  const both = previous ? [object.value, previous.value] : [object.value];
  const { attributes, chunks }: Blob = packs
    ? packBlob(owner, Buffer.concat([...both, Buffer.from(indexesText(change))]), expires)
    : encodeBlob(owner, previous ? Buffer.concat(both) : object.value, smallChange, expires);
  const main: Item = {
    ...entryAttributes(space, revision, type, times),
    item: text(item),
    ...(!packs && indexesBeside(change)),
    ...attributes,
  };
  if (packs) main.indexAt = number(both.reduce((sum, { length }) => sum + length, 0));
  if (previous) {
    main.length = number(object.value.length);
    main.previous = number(Number(previous.revision));
    if (previous.writtenIn !== undefined) main.previousIn = text(previous.writtenIn);
  }
  return [main, ...chunks];
}

/** Both indexes; only one where they are equal, as in most changes. */
function indexesText({ object, previous }: Change): string {
  const [after, before] = [indexText(object.index), previous && indexText(previous.index)];
  return `[${[after, ...(before === undefined || before === after ? [] : [before])].map((each) => each || '{}').join()}]`;
}

/** The same as attributes, of which every reader of the log pays for the length. */
function indexesBeside({ type, object, previous }: Change): Item {
  const after = indexText(object.index);
  const before = previous && indexText(previous.index);
  // Of a deletion nothing else tells a reader of an earlier release which selectors the object matched.
  const isTold = before !== undefined && (type === 'delete' || before !== after);
  return { index: text(after), ...(isTold && { previousIndex: text(before) }) };
}

/** Returns what every entry has; alone, a `none`, `drop` or `begin` entry. */
export const entryAttributes = (
  space: string,
  revision: number,
  type: Entry['type'],
  { at, expires, settled }: EntryTimes,
): Item => ({
  ...keyAttributes(logPlace(space, revision)),
  type: text(type),
  at: number(at),
  expires: number(expires),
  ...(settled !== undefined && { settled: number(settled) }),
});

export function decodeEntry(space: string, item: Item, body: Uint8Array): Entry {
  const revision = Number(textOf(item, 'sk'));
  const type = textOf(item, 'type') as Entry['type'];
  const at = numberOf(item, 'at');
  const entry: Entry = { revision, type, at, settled: numberOf(item, 'settled') || 0, item: '' };
  if (type !== 'put' && type !== 'delete') return entry;
  entry.item = textOf(item, 'item');
  const key = keyOf(space, entry.item);
  const [index, before] = indexesOf(item, body);
  const end = item.indexAt ? numberOf(item, 'indexAt') : body.length;
  if (!item.previous) {
    const value = body.subarray(0, end);
    entry.change = { type, object: { key, revision: String(revision), value, index }, at };
    return entry;
  }
  const length = numberOf(item, 'length');
  entry.change = {
    type,
    object: { key, revision: String(revision), value: body.subarray(0, length), index },
    previous: {
      key,
      revision: String(numberOf(item, 'previous')),
      value: body.subarray(length, end),
      index: before,
      ...(item.previousIn && { writtenIn: textOf(item, 'previousIn') }),
    },
    at,
  };
  return entry;
}

/** The indexes of the object and of what it replaces. */
function indexesOf(item: Item, body: Uint8Array): [Index, Index] {
  if (item.indexAt) {
    const packed = Buffer.from(body.subarray(numberOf(item, 'indexAt'))).toString();
    const [index = {}, before = index] = JSON.parse(packed) as Index[];
    return [index, before];
  }
  const index = parseIndex(textOf(item, 'index'));
  return [index, item.previousIndex ? parseIndex(textOf(item, 'previousIndex')) : index];
}
