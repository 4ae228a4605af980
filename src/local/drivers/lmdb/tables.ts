import type { Database, RootDatabase } from 'lmdb';
import type { Change, Key } from '../../../shared/ports/storage.ts';
import { tooOld } from '../../../shared/storage/log/errors.ts';
import { compareItems, isTooLong, keyOf, parseKeyText, separator } from '../../../shared/storage/log/keys.ts';
import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { ownedIn, type Part, resolve, visible } from './layered.ts';
import { Layers, type SnapshotRecord } from './layers.ts';
import { ownerKey, ownersRange, rangeOf, under } from './ranges.ts';
import { decodeEntry, decodeStored, type Entry, isAdvance, type StoredRecord } from './record.ts';
import type { Slab } from './slab.ts';
import { type SpaceState, States } from './states.ts';

/**
 * Describes what lies in the data folder. A value is written once, in the log, under its revision; `current` points at
 * the revision each object has now. So an update costs one value, and the past is there until compaction takes it.
 */
export class Tables {
  readonly root: RootDatabase<Buffer, string>;
  /** space → [head, floor] */
  readonly spaces: Database<[number, number], string>;
  /** space, item → revision; below zero, in forks: the revision at which it was deleted */
  readonly current: Database<number, string>;
  /**
   * space, revision → record: all changes after the floor, and older ones that are current, someone's previous, or shown
   * by a fork
   */
  readonly log: Database<Buffer, [string, number]>;
  /** cluster, owner, resource, item → 1 */
  readonly owners: Database<number, string>;
  /** resource, claim → space, item of its holder */
  readonly claims: Database<string, string>;
  /** `version` → the layout's version */
  readonly format: Database<number, string>;
  /** removed cluster → the first revision of its resources, should it come back */
  readonly bases: Database<number, string>;
  /** id → base, and by resource the revision up to which forks read it */
  readonly snapshots: Database<SnapshotRecord, number>;
  /** fork → id of its snapshot */
  readonly forks: Database<number, string>;
  /** space, item, revision at which it was replaced → what `current` said before, while a fork reads that */
  readonly history: Database<number, string>;
  /** cluster, owner, resource, item, revision as in `history` → 1: owners of what is kept there */
  readonly pastOwners: Database<number, string>;
  readonly layers: Layers;
  readonly states = new States();

  constructor(root: RootDatabase<Buffer, string>) {
    this.root = root;
    this.spaces = root.openDB('spaces', { encoding: 'ordered-binary' });
    this.current = root.openDB('current', { encoding: 'ordered-binary' });
    this.log = root.openDB('log', { encoding: 'binary' });
    this.owners = root.openDB('owners', { encoding: 'ordered-binary' });
    this.claims = root.openDB('claims', { encoding: 'ordered-binary' });
    this.format = root.openDB('format', { encoding: 'ordered-binary' });
    this.bases = root.openDB('bases', { encoding: 'ordered-binary' });
    this.snapshots = root.openDB('snapshots', { encoding: 'json' });
    this.forks = root.openDB('forks', { encoding: 'ordered-binary' });
    this.history = root.openDB('history', { encoding: 'ordered-binary' });
    this.pastOwners = root.openDB('pastOwners', { encoding: 'ordered-binary' });
    this.layers = new Layers(this);
  }

  state(space: string): SpaceState {
    return this.states.of(space, (asked) => this.#state(asked));
  }

  #state(space: string): SpaceState {
    const [head, floor] = this.spaces.get(space) ?? [];
    if (head !== undefined && floor !== undefined) return { head, floor };
    const base = this.bases.get(space.slice(0, space.indexOf(separator))) ?? firstRevision;
    const start = Math.max(base, this.layers.below(space)?.revision ?? 0);
    return { head: start, floor: start };
  }

  itemKey(space: string, item: string): string {
    return space + separator + item;
  }

  /** The revision of an item as the cluster shows it now. */
  pointer(space: string, item: string): number | undefined {
    return resolve(this, space, item);
  }

  /** The object at a revision that is known to be in the log. */
  at(key: Key, space: string, revision: number): StoredRecord {
    return this.#decoded(key, space, revision);
  }

  load(space: string, item: string, revision: number, slab?: Slab): StoredRecord {
    return this.#decoded(keyOf(space, item), space, revision, slab);
  }

  entry(space: string, revision: number): Entry {
    return decodeEntry(this.#record(space, revision).record);
  }

  /** Says when a space took its newest revision; never, when that is its base's or is forgotten. */
  newestAt(space: string): number {
    const record = this.#ownRecord(space, this.state(space).head);
    return record ? decodeEntry(record).at : Number.NEGATIVE_INFINITY;
  }

  /** Items with their revisions as they are now, in key order, after the item `after`. */
  items(space: string, namespace: string | undefined, after?: string): Iterable<[string, number]> {
    // LMDB throws at such keys.
    if (isTooLong(namespace ?? '')) return [];
    const part = { namespace, after };
    return this.layers.below(space) ? visible(this, space, part) : this.pointers(space, part);
  }

  /** Returns what `current` says of a space. */
  *pointers(space: string, part: Part): Generator<[string, number]> {
    const { base, range } = rangeOf(space, part);
    for (const { key, value } of this.current.getRange(range)) {
      const item = key.slice(base.length);
      if (item !== part.after) yield [item, value];
    }
  }

  /** The same as `items` for the objects of one owner. */
  *owned(
    space: string,
    owner: string,
    namespace: string | undefined,
    after?: string,
  ): Generator<[string, number]> {
    const part = { namespace, after };
    if (this.layers.below(space)) return yield* ownedIn(this, space, owner, part);
    for (const item of ownersRange(this.owners, ownerKey(space, owner, ''), part))
      yield [item, this.pointer(space, item)!];
  }

  /** Keys of the objects of one owner, of all resources. */
  dependents(cluster: string, owner: string): Key[] {
    const snapshot = this.layers.of(cluster);
    const own = this.#ownerKeys(this.owners, cluster, owner);
    if (!snapshot) return own.map((rest) => parseKeyText(cluster + separator + rest));
    const resources = new Set(own.map(resourceIn));
    for (let at: string | undefined = cluster; at !== undefined; at = this.layers.of(at)?.base)
      for (const table of [this.owners, this.pastOwners])
        for (const rest of this.#ownerKeys(table, at, owner)) resources.add(resourceIn(rest));
    return [...resources].sort(compareItems).flatMap((resource) => {
      const space = cluster + separator + resource;
      return Array.from(ownedIn(this, space, owner, {}), ([item]) => keyOf(space, item));
    });
  }

  /** Returns what follows the owner in the keys: resource and item. */
  #ownerKeys(table: Database<number, string>, cluster: string, owner: string): string[] {
    const base = [cluster, owner, ''].join(separator);
    return Array.from(table.getKeys(under(base)), (key) => key.slice(base.length));
  }

  /** Claims of a resource, with who holds them. */
  holders(resource: string): Map<string, Key> {
    const base = resource + separator;
    const range = this.claims.getRange(under(base));
    return new Map(Array.from(range, ({ key, value }) => [key.slice(base.length), parseKeyText(value)]));
  }

  /** Log entries of changes after `after`, oldest first. Throws Expired when some are gone. */
  *entries(space: string, after: number): Generator<[number, Buffer]> {
    const { head, floor } = this.state(space);
    if (after < floor) throw tooOld(after, floor);
    const range = {
      start: [space, after + 1] as [string, number],
      end: [space, head + 1] as [string, number],
    };
    for (const { key, value } of this.log.getRange(range)) if (!isAdvance(value)) yield [key[1], value];
  }

  changes(space: string, after: number, limit: number): Change[] {
    const changes: Change[] = [];
    for (const [revision, record] of this.entries(space, after)) {
      const { type, at, previous, item } = decodeEntry(record);
      const object = decodeStored(keyOf(space, item), revision, record);
      const change = { type, object, at };
      changes.push(previous ? { ...change, previous: this.at(object.key, space, previous) } : change);
      if (changes.length === limit) break;
    }
    return changes;
  }

  #decoded(key: Key, space: string, revision: number, slab?: Slab): StoredRecord {
    const { record, writtenIn } = this.#record(space, revision, slab);
    return decodeStored(key, revision, record, writtenIn);
  }

  /** A record, if need be from the spaces below: revisions of a fork begin where those that it reads there end. */
  #record(space: string, revision: number, slab?: Slab): { record: Buffer; writtenIn?: string } {
    const own = this.#ownRecord(space, revision, slab);
    if (own) return { record: own };
    for (let below = this.layers.below(space); below; below = this.layers.below(below.space)) {
      if (revision > below.revision) break;
      const record = this.#ownRecord(below.space, revision, slab);
      if (record) return { record, writtenIn: below.space.slice(0, below.space.indexOf(separator)) };
    }
    throw new Error(`storage is damaged: revision ${revision} of ${JSON.stringify(space)} is missing`);
  }

  #ownRecord(space: string, revision: number, slab?: Slab): Buffer | undefined {
    const key: [string, number] = [space, revision];
    // What getBinaryFast answers is overwritten by the next read; its length is that of the value.
    const shared = slab && this.log.getBinaryFast(key);
    if (slab) return shared && slab.copy(shared, shared.length);
    return this.log.get(key);
  }
}

const resourceIn = (rest: string) => rest.slice(0, rest.indexOf(separator));

export const claimKey = ({ resource }: Key, claim: string): string => resource + separator + claim;

/** Every key of a cluster's tables, for its removal. */
export const clusterRange = (cluster: string) => under(cluster + separator);
