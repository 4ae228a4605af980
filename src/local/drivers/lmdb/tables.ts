import type { Database, RootDatabase } from 'lmdb';
import type { Change, Key } from '../../../shared/ports/storage.ts';
import { tooOld } from '../../../shared/storage/log/errors.ts';
import {
  isTooLong,
  keyOf,
  namespacePrefix,
  parseKeyText,
  separator,
} from '../../../shared/storage/log/keys.ts';
import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { decodeEntry, decodeStored, decodeStoredIn, type Entry, type StoredRecord } from './record.ts';
import type { Slab } from './slab.ts';

/** Newest revision of a space, and the one after which its log is complete. */
export interface SpaceState {
  head: number;
  floor: number;
}

const afterSeparator = '\x20';
/** Keys that begin with `prefix`, which ends with the separator. */
const under = (prefix: string) => ({ start: prefix, end: prefix.slice(0, -1) + afterSeparator });

/**
 * What lies in the data folder. A value is written once, in the log, under its revision; `current` points at the
 * revision each object has now. So an update costs one value, and the past is there until compaction takes it.
 */
export class Tables {
  readonly root: RootDatabase<Buffer, string>;
  /** space → [head, floor] */
  readonly spaces: Database<[number, number], string>;
  /** space, item → revision */
  readonly current: Database<number, string>;
  /** space, revision → record: all changes after the floor, and older ones that are current or someone's previous */
  readonly log: Database<Buffer, [string, number]>;
  /** cluster, owner, resource, item → 1 */
  readonly owners: Database<number, string>;
  /** resource, claim → space, item of its holder */
  readonly claims: Database<string, string>;
  /** `version` → the layout's version */
  readonly format: Database<number, string>;
  /** removed cluster → the first revision of its resources, should it come back */
  readonly bases: Database<number, string>;

  constructor(root: RootDatabase<Buffer, string>) {
    this.root = root;
    this.spaces = root.openDB('spaces', { encoding: 'ordered-binary' });
    this.current = root.openDB('current', { encoding: 'ordered-binary' });
    this.log = root.openDB('log', { encoding: 'binary' });
    this.owners = root.openDB('owners', { encoding: 'ordered-binary' });
    this.claims = root.openDB('claims', { encoding: 'ordered-binary' });
    this.format = root.openDB('format', { encoding: 'ordered-binary' });
    this.bases = root.openDB('bases', { encoding: 'ordered-binary' });
  }

  state(space: string): SpaceState {
    const [head, floor] = this.spaces.get(space) ?? [];
    if (head !== undefined && floor !== undefined) return { head, floor };
    const base = this.bases.get(space.slice(0, space.indexOf(separator))) ?? firstRevision;
    return { head: base, floor: base };
  }

  itemKey(space: string, item: string): string {
    return space + separator + item;
  }

  pointer(space: string, item: string): number | undefined {
    return this.current.get(this.itemKey(space, item));
  }

  /** The object at a revision that is known to be in the log. */
  at(key: Key, space: string, revision: number): StoredRecord {
    return decodeStored(key, revision, this.#record(space, revision));
  }

  load(space: string, item: string, revision: number, slab?: Slab): StoredRecord {
    return decodeStored(keyOf(space, item), revision, this.#record(space, revision, slab));
  }

  entry(space: string, revision: number): Entry {
    return decodeEntry(this.#record(space, revision));
  }

  /** Items with their revisions as they are now, in key order, after the item `after`. */
  *items(space: string, namespace: string | undefined, after = ''): Generator<[string, number]> {
    // LMDB throws at such keys.
    if (isTooLong(namespace ?? '')) return;
    const base = space + separator;
    const range = under(namespace === undefined ? base : base + namespacePrefix(namespace));
    if (base + after > range.start) range.start = base + after;
    for (const { key, value } of this.current.getRange(range)) {
      const item = key.slice(base.length);
      if (item !== after) yield [item, value];
    }
  }

  /** The same for the objects of one owner. */
  *owned(
    space: string,
    owner: string,
    namespace: string | undefined,
    after = '',
  ): Generator<[string, number]> {
    const base = ownerKey(space, owner, '');
    const range = under(namespace === undefined ? base : base + namespacePrefix(namespace));
    if (base + after > range.start) range.start = base + after;
    for (const key of this.owners.getKeys(range)) {
      const item = key.slice(base.length);
      if (item !== after) yield [item, this.pointer(space, item)!];
    }
  }

  /** Keys of the objects of one owner, of all resources. */
  dependents(cluster: string, owner: string): Key[] {
    const base = [cluster, owner, ''].join(separator);
    return Array.from(this.owners.getKeys(under(base)), (key) =>
      parseKeyText(cluster + separator + key.slice(base.length)),
    );
  }

  /** Claims of a resource, with who holds them. */
  holders(resource: string): Map<string, Key> {
    const base = resource + separator;
    const range = this.claims.getRange(under(base));
    return new Map(Array.from(range, ({ key, value }) => [key.slice(base.length), parseKeyText(value)]));
  }

  /** Log entries after `after`, oldest first. Throws Expired when some are gone. */
  *entries(space: string, after: number, limit?: number): Generator<[number, Buffer]> {
    const { head, floor } = this.state(space);
    if (after < floor) throw tooOld(after, floor);
    const range = {
      start: [space, after + 1] as [string, number],
      end: [space, head + 1] as [string, number],
    };
    for (const { key, value } of this.log.getRange({ ...range, ...(limit && { limit }) }))
      yield [key[1], value];
  }

  changes(space: string, after: number, limit: number): Change[] {
    return Array.from(this.entries(space, after, limit), ([revision, record]) => {
      const { type, previous } = decodeEntry(record);
      const object = decodeStoredIn(space, revision, record);
      return previous ? { type, object, previous: this.at(object.key, space, previous) } : { type, object };
    });
  }

  #record(space: string, revision: number, slab?: Slab): Buffer {
    const key: [string, number] = [space, revision];
    // What getBinaryFast answers is overwritten by the next read; its length is that of the value.
    const shared = slab && this.log.getBinaryFast(key);
    const record = shared ? slab.copy(shared, shared.length) : this.log.get(key);
    if (!record)
      throw new Error(`storage is damaged: revision ${revision} of ${JSON.stringify(space)} is missing`);
    return record;
  }
}

export function ownerKey(space: string, owner: string, item: string): string {
  const [cluster, resource] = space.split(separator);
  return [cluster, owner, resource, item].join(separator);
}

export const claimKey = ({ resource }: Key, claim: string): string => resource + separator + claim;

/** Every key of a cluster's tables, for its removal. */
export const clusterRange = (cluster: string) => under(cluster + separator);
