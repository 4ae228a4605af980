import { ClaimsHeld } from '../../../shared/ports/claimsHeld.ts';
import type { Build, Change, Index, Key } from '../../../shared/ports/storage.ts';
import { keyConflict, keyExists, keyNotFound } from '../../../shared/storage/log/errors.ts';
import { keyText } from '../../../shared/storage/log/keys.ts';
import { type Turnover, turnover } from '../../../shared/storage/log/turnover.ts';
import type { Forgotten } from './compaction.ts';
import { historyKey, pastOwnerKey } from './history.ts';
import { ownerKey } from './ranges.ts';
import { encodeIndex, encodeRecord, StoredRecord } from './record.ts';
import type { SpaceState } from './states.ts';
import { claimKey, type Tables } from './tables.ts';

/** A write as asked for; `expected` is absent for a create. */
export interface Intent {
  type: Change['type'];
  key: Key;
  space: string;
  item: string;
  expected?: string;
  build: Build;
  /** Absent for a delete: the last one stays. */
  index?: Index;
}

interface Staged {
  state: { -readonly [P in keyof SpaceState]: SpaceState[P] };
  changes: Change[];
  /** Is what the batch made of an item; undefined: it is deleted. */
  items: Map<string, StoredRecord | undefined>;
}

/** Writes that go to disk in one transaction. Each sees those before it. */
export class Batch {
  readonly spaces = new Map<string, Staged>();
  readonly #tables: Tables;
  readonly #now: number;
  readonly #puts: (() => void)[] = [];
  /** Claims that the batch took or released. */
  readonly #held = new Map<string, boolean>();

  constructor(tables: Tables, now: number) {
    this.#tables = tables;
    this.#now = now;
  }

  /** Stages a write and answers what it will be. Throws, with nothing staged, what Storage documents. */
  add(intent: Intent): StoredRecord {
    const { space, item, key, type, build, index } = intent;
    const staged = this.#staged(space);
    const previous = this.#check(intent, staged);
    const indexBytes = index ? encodeIndex(index) : previous!.indexBytes;
    const { owners, claims } = indexTurnover(type, index, indexBytes, previous);
    this.#refuseHeld(key, claims.gained);
    const revision = staged.state.head + 1;
    const value = build(String(revision));
    const object = new StoredRecord({ ...key }, String(revision), value, indexBytes, { index });
    if (!staged.items.has(item)) this.#keep(space, item, revision);
    const entry = { type, at: this.#now, previous: previous ? Number(previous.revision) : 0, item };
    const record = encodeRecord(entry, indexBytes, value);
    staged.state.head = revision;
    staged.items.set(item, type === 'put' ? object : undefined);
    const at = this.#now;
    staged.changes.push(previous ? { type, object, previous, at } : { type, object, at });
    this.#puts.push(() => this.#put(space, item, revision, type, record));
    this.#own(space, item, owners);
    this.#hold(key, claims);
    return object;
  }

  /** Stages a compaction of the space's log. */
  forget(space: string, { floor, revisions }: Forgotten): void {
    this.#staged(space).state.floor = floor;
    for (const revision of revisions) this.#puts.push(() => void this.#tables.log.remove([space, revision]));
  }

  /** True when every write was refused. */
  get empty(): boolean {
    return this.#puts.length === 0;
  }

  /** Hands everything to the open transaction. */
  write(): void {
    for (const put of this.#puts) put();
    for (const [space, { state, changes }] of this.spaces)
      if (changes.length) this.#tables.spaces.put(space, [state.head, state.floor]);
  }

  /** The state the write applies to, if it may. */
  #check({ type, key, space, item, expected, index }: Intent, staged: Staged): StoredRecord | undefined {
    const known = staged.items.has(item);
    if (type === 'put' && expected === undefined) {
      const there = known ? staged.items.get(item) : this.#tables.pointer(space, item);
      if (there === undefined) return undefined;
      this.#refuseHeld(key, index?.claims ?? []);
      throw keyExists(key);
    }
    let previous = staged.items.get(item);
    if (!known) {
      const revision = this.#tables.pointer(space, item);
      if (revision !== undefined && String(revision) !== expected) throw keyConflict(key);
      if (revision !== undefined) previous = this.#tables.load(space, item, revision);
    }
    if (!previous) throw keyNotFound(key);
    if (previous.revision !== expected) throw keyConflict(key);
    return previous;
  }

  #put(space: string, item: string, revision: number, type: Change['type'], record: Buffer): void {
    const { log, current } = this.#tables;
    log.put([space, revision], record);
    const at = this.#tables.itemKey(space, item);
    if (type === 'put') current.put(at, revision);
    // What is below would show again.
    else if (this.#tables.layers.below(space)) current.put(at, -revision);
    else current.remove(at);
  }

  /** Keeps what a write replaces while a fork shows it. What came into being after the forks need not be kept. */
  #keep(space: string, item: string, replacedAt: number): void {
    const newest = this.#tables.layers.newestRead(space);
    const pointer = newest ? this.#tables.current.get(this.#tables.itemKey(space, item)) : undefined;
    if (pointer === undefined || Math.abs(pointer) > newest) return;
    const { history, pastOwners } = this.#tables;
    this.#puts.push(() => void history.put(historyKey(space, item, replacedAt), pointer));
    if (pointer < 0) return;
    for (const owner of this.#tables.load(space, item, pointer).index.owners ?? [])
      this.#puts.push(() => void pastOwners.put(pastOwnerKey(space, owner, item, replacedAt), 1));
  }

  #own(space: string, item: string, { gained, lost }: Turnover): void {
    const { owners } = this.#tables;
    for (const owner of lost) this.#puts.push(() => void owners.remove(ownerKey(space, owner, item)));
    for (const owner of gained) this.#puts.push(() => void owners.put(ownerKey(space, owner, item), 1));
  }

  #hold(key: Key, { gained, lost }: Turnover): void {
    const { claims } = this.#tables;
    for (const claim of lost) {
      const id = claimKey(key, claim);
      this.#held.set(id, false);
      this.#puts.push(() => void claims.remove(id));
    }
    for (const claim of gained) {
      const id = claimKey(key, claim);
      this.#held.set(id, true);
      this.#puts.push(() => void claims.put(id, keyText(key)));
    }
  }

  #refuseHeld(key: Key, wanted: readonly string[]): void {
    const held = wanted.filter((claim) => {
      const id = claimKey(key, claim);
      return this.#held.get(id) ?? this.#tables.claims.get(id) !== undefined;
    });
    if (held.length) throw new ClaimsHeld(held);
  }

  #staged(space: string): Staged {
    let staged = this.spaces.get(space);
    if (!staged) {
      staged = { state: { ...this.#tables.state(space) }, changes: [], items: new Map() };
      this.spaces.set(space, staged);
    }
    return staged;
  }
}

/** Most updates keep their index as it is: then nobody parses it. */
function indexTurnover(
  type: Change['type'],
  index: Index | undefined,
  bytes: Uint8Array,
  previous: StoredRecord | undefined,
) {
  const put = type === 'put';
  // What a fork has from its base holds no claims yet, whatever the bytes say.
  const isOwn = previous && previous.writtenIn === undefined;
  const same = put && isOwn && Buffer.compare(previous.indexBytes, bytes) === 0;
  const [before, after] = same ? [] : [previous?.index, put ? index : undefined];
  return {
    owners: turnover(before?.owners, after?.owners),
    claims: turnover(before?.claims, after?.claims),
  };
}
