import { ApiError } from '../../../shared/errors/apiError.ts';
import type { Build, Change, Index, Key, Storage, Stored } from '../../../shared/ports/storage.ts';
import { keyConflict, keyNotFound, writeFailed } from '../../../shared/storage/log/errors.ts';
import { itemOf, spaceOf } from '../../../shared/storage/log/keys.ts';
import type { Retention } from '../../../shared/storage/log/retention.ts';
import { turnover } from '../../../shared/storage/log/turnover.ts';
import { chunkPlaces } from './blob.ts';
import type { Cache } from './cache.ts';
import { encodeClaim, encodeFreed } from './claims.ts';
import type { Heads } from './heads.ts';
import { keyAttributes, ownerPlace, type Place, resourcePlace, textOf } from './layout.ts';
import type { Timings } from './options.ts';
import { type EntryTimes, encodeChange, encodeGone, encodeObject, entryAttributes } from './records.ts';
import { firstClaim, type Write } from './requests.ts';
import { cancellation } from './sender.ts';
import type { Counter, Table } from './table.ts';
import { expiryOf } from './tail.ts';
import { verdictOf } from './verdict.ts';

export interface WriteOrder {
  type: Change['type'];
  key: Key;
  /** Absent: create. */
  expected?: string;
  build: Build;
  /** Given with a put. */
  index?: Index;
}

interface Pieces {
  table: Table;
  cache: Cache;
  heads: Heads;
  seen: NonNullable<Storage['seen']>;
}

/** New revisions that a write takes when readers give its earlier ones up. */
const revisionsPerWrite = 10;
const longestTransaction = 3_900_000;
/** Bytes: a log entry has two beside 350,000 of its body, and an item 409,600 in all. */
const longestIndex = 24_000;
/** A put leaves room for what its object's deletion may need more: chunks of two states in one log entry. */
const mostItems = { put: 90, delete: 100 };

/** Writes of one space, one after the other in this process: a refused write can give its revision back. */
export class Writer {
  readonly #table: Table;
  readonly #cache: Cache;
  readonly #seen: NonNullable<Storage['seen']>;
  readonly #heads: Heads;
  readonly #timings: Timings;
  readonly #retention: Retention;

  /** `seen`: a state under its revision, where this process has it at hand. */
  constructor(
    { table, cache, heads, seen }: Pieces,
    { timings, retention }: { timings: Timings; retention: Retention },
  ) {
    this.#table = table;
    this.#cache = cache;
    this.#seen = seen;
    this.#heads = heads;
    this.#timings = timings;
    this.#retention = retention;
  }

  /** One counter update and one transaction; a read before when the state to replace is not at hand. */
  async write(order: WriteOrder): Promise<Stored> {
    const previous =
      order.expected === undefined ? undefined : await this.#previous(order.key, order.expected);
    for (let attempt = 0; attempt < revisionsPerWrite; attempt++) {
      const counter = await this.#reserve(order.key);
      const change = await this.#releasing(order.key, counter, () => changeOf(order, counter, previous));
      if (!this.#alive(counter)) continue;
      if (await this.#transact(order, counter, change)) return change.object;
    }
    throw writeFailed(new Error('readers gave up every revision it took'));
  }

  /** A revision whose entry says that everything before it is gone. */
  drop(key: Pick<Key, 'cluster' | 'resource'>): Promise<void> {
    return this.#takeWith('drop', spaceOf(key));
  }

  /** A revision that no change will ever have, if the newest was taken `quietMs` ago. */
  async advance(space: string, quietMs: number): Promise<void> {
    const { touched } = await this.#table.counter(space);
    if (touched && touched <= this.#table.clock.now() - quietMs) await this.#takeWith('none', space);
  }

  async #takeWith(type: 'none' | 'drop', space: string): Promise<void> {
    for (;;) {
      const counter = await this.#take(space);
      const entry = entryAttributes(space, counter.revision, type, this.#timesOf(counter, counter.touched));
      if (this.#alive(counter) && (await this.#table.putNew(entry))) return;
    }
  }

  async #previous(key: Key, expected: string): Promise<Stored> {
    const seen = this.#seen(key, expected);
    if (seen) return seen;
    const stored = await this.#table.object(key);
    if (!stored) throw keyNotFound(key);
    if (stored.revision !== expected) throw keyConflict(key);
    return stored;
  }

  async #reserve(key: Key): Promise<Counter> {
    const counter = await this.#take(spaceOf(key));
    // The first of its kind: a later drop of the cluster must find it.
    if (!counter.previously) await this.#table.put(keyAttributes(resourcePlace(key.cluster, key.resource)));
    return counter;
  }

  async #take(space: string): Promise<Counter> {
    const counter = await this.#table.reserve(space);
    await this.#heads.say(space, counter.revision);
    return counter;
  }

  /** True when it happened; false when it needs a newer revision. Throws what Storage documents. */
  async #transact(order: WriteOrder, counter: Counter, change: Change): Promise<boolean> {
    const { key } = order;
    const write = await this.#releasing(key, counter, () => this.#writeOf(order, counter, change));
    try {
      await this.#table.transact(write, () => this.#alive(counter));
    } catch (error) {
      const verdict = verdictOf(order, write, cancellation(error));
      if (!verdict) throw error;
      if (verdict.unused) await this.#release(key, counter);
      if (!verdict.error) return false;
      this.#cache.forget(key);
      throw verdict.error;
    }
    if (change.type === 'put') this.#cache.put(change.object);
    else this.#cache.forget(key);
    return true;
  }

  #writeOf({ key, expected }: WriteOrder, counter: Counter, change: Change): Write {
    const space = spaceOf(key);
    const item = itemOf(key);
    const at = this.#table.clock.now();
    const expires = Math.ceil((at + this.#timings.graceMs) / 1_000);
    const [entry, ...entryChunks] = encodeChange(space, item, change, this.#timesOf(counter, at));
    const [object, ...objectChunks] =
      change.type === 'put'
        ? encodeObject(space, item, change.object)
        : [encodeGone(space, item, counter.revision, expires)];
    const [before, after] = [change.previous?.index, change.type === 'put' ? change.object.index : undefined];
    // Only what changes: an update that keeps its owners and claims writes nothing of them.
    const owners = turnover(before?.owners, after?.owners);
    const claims = turnover(before?.claims, after?.claims);
    const write: Write = {
      object,
      space,
      revision: counter.revision,
      ...(expected !== undefined && { expected }),
      entry,
      claims: claims.gained.map((claim) => encodeClaim(key, claim)),
      put: [
        ...entryChunks,
        ...objectChunks,
        ...owners.gained.map((owner) => keyAttributes(ownerPlace(space, owner, item))),
        ...claims.lost.map((claim) => encodeFreed(key, claim, counter.revision, expires)),
      ],
      remove: [
        ...owners.lost.map((owner) => ownerPlace(space, owner, item)),
        ...oldChunks(space, change.previous),
      ],
    };
    const length = [object, entry, ...write.put].reduce((sum, i) => sum + (i.body?.B?.length ?? 0), 0);
    const items = firstClaim + write.claims.length + write.put.length + write.remove.length;
    const indexLength = Buffer.byteLength(textOf(object, 'index'));
    if (length > longestTransaction || items > mostItems[change.type] || indexLength > longestIndex)
      throw new ApiError('RequestEntityTooLarge', `${key.resource} "${key.name}" is too large to be stored`);
    return write;
  }

  /** Every entry, a tombstone too, says when all before it is settled: a process that knows nothing begins there. */
  #timesOf({ revision, touched, previously }: Counter, at: number): EntryTimes {
    const isQuiet = previously < touched - this.#timings.graceMs;
    const expires = expiryOf(at, this.#retention, this.#timings);
    return { at, expires, ...(isQuiet && { settled: revision - 1 }) };
  }

  #alive({ touched }: Counter): boolean {
    return this.#table.clock.now() - touched < this.#timings.holdMs;
  }

  /** Runs what comes before the transaction; the revision is free again when it throws. */
  async #releasing<T>(key: Key, counter: Counter, make: () => T): Promise<T> {
    try {
      return make();
    } catch (error) {
      await this.#release(key, counter);
      throw error;
    }
  }

  /** A revision that certainly was not written: given back, or closed at once so that no reader waits for it. */
  async #release(key: Key, counter: Counter): Promise<void> {
    if (!this.#alive(counter)) return;
    const space = spaceOf(key);
    // What has been said to be reserved stays so: whoever took it next would say nothing new.
    if (!this.#heads.isKept(space) && (await this.#table.giveBack(space, counter.revision))) return;
    const times = this.#timesOf(counter, this.#table.clock.now());
    // When this fails, the next reader that meets the hole closes it.
    await this.#table.putNew(entryAttributes(space, counter.revision, 'none', times)).catch(() => false);
  }
}

function changeOf({ type, key, build, index }: WriteOrder, counter: Counter, previous?: Stored): Change {
  const revision = String(counter.revision);
  const object: Stored = {
    key: { ...key },
    revision,
    value: build(revision),
    index: type === 'delete' ? previous!.index : (index ?? {}),
  };
  return previous ? { type, object, previous } : { type, object };
}

/** Chunks of the state that goes. How many there are follows from encoding it again. */
function oldChunks(space: string, previous?: Stored): Place[] {
  if (!previous || previous.value.length <= 350_000) return [];
  const [main] = encodeObject(space, itemOf(previous.key), previous);
  return chunkPlaces({ space, of: 'o', revision: Number(previous.revision) }, main);
}
