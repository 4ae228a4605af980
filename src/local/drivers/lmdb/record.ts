import type { Change, Index, Key, Stored } from '../../../shared/ports/storage.ts';
import { unclaimed } from '../../../shared/storage/log/inherited.ts';

/**
 * A log entry as it lies on disk, big-endian, written once and never changed:
 * type (1 byte), time (8, float, ms), previous revision or 0 (8, float), length of item (4), length of index (4),
 * item, index (JSON, empty when empty), value.
 */
const header = 25;
const nothing = new Uint8Array();
const deletion = 1;
/** Takes a revision with no change: it has no item. */
const nothingChanged = 2;

export interface Entry {
  type: Change['type'];
  /** Milliseconds since the epoch. */
  at: number;
  /** Revision of the state before; 0 for a creation. */
  previous: number;
  item: string;
}

export function encodeRecord(
  { type, at, previous, item }: Entry,
  index: Uint8Array,
  value: Uint8Array,
): Buffer {
  const itemLength = Buffer.byteLength(item);
  const record = Buffer.allocUnsafe(header + itemLength + index.length + value.length);
  record[0] = type === 'delete' ? deletion : 0;
  record.writeDoubleBE(at, 1);
  record.writeDoubleBE(previous, 9);
  record.writeUInt32BE(itemLength, 17);
  record.writeUInt32BE(index.length, 21);
  record.write(item, header);
  record.set(index, header + itemLength);
  record.set(value, header + itemLength + index.length);
  return record;
}

/** Makes the record of a revision that was taken with no change. */
export function encodeAdvance(at: number): Buffer {
  const record = encodeRecord({ type: 'put', at, previous: 0, item: '' }, nothing, nothing);
  record[0] = nothingChanged;
  return record;
}

export const isAdvance = (record: Uint8Array): boolean => record[0] === nothingChanged;

export const decodeEntry = (record: Buffer): Entry => ({
  type: record[0] === deletion ? 'delete' : 'put',
  at: record.readDoubleBE(1),
  previous: record.readDoubleBE(9),
  item: record.toString('utf8', header, header + record.readUInt32BE(17)),
});

export function encodeIndex(index: Index): Uint8Array {
  for (const _ in index) return Buffer.from(JSON.stringify(index));
  return nothing;
}

/** An object as read: the value is a view of the bytes, the index is parsed when someone asks. */
export class StoredRecord implements Stored {
  readonly key: Key;
  readonly revision: string;
  readonly value: Uint8Array;
  readonly indexBytes: Uint8Array;
  readonly writtenIn: string | undefined;
  #index: Index | undefined;

  constructor(
    key: Key,
    revision: string,
    value: Uint8Array,
    indexBytes: Uint8Array,
    { index, writtenIn }: { index?: Index | undefined; writtenIn?: string | undefined } = {},
  ) {
    this.key = key;
    this.revision = revision;
    this.value = value;
    this.indexBytes = indexBytes;
    this.writtenIn = writtenIn;
    this.#index = index;
  }

  get index(): Index {
    this.#index ??= this.#parsed();
    return this.#index;
  }

  #parsed(): Index {
    if (!this.indexBytes.length) return {};
    const index = JSON.parse(this.indexBytes.toString()) as Index;
    return this.writtenIn === undefined ? index : unclaimed(index);
  }
}

export function decodeStored(key: Key, revision: number, record: Buffer, writtenIn?: string): StoredRecord {
  const indexStart = header + record.readUInt32BE(17);
  const valueStart = indexStart + record.readUInt32BE(21);
  const indexBytes = valueStart === indexStart ? nothing : record.subarray(indexStart, valueStart);
  const value = record.subarray(valueStart);
  return new StoredRecord(key, String(revision), value, indexBytes, { writtenIn });
}
