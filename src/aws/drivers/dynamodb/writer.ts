import type { Build, Change, Index, Key, Storage, Stored } from '../../../shared/ports/storage.ts';
import { keyConflict, keyNotFound, writeFailed } from '../../../shared/storage/log/errors.ts';
import { spaceOf } from '../../../shared/storage/log/keys.ts';
import type { Retention } from '../../../shared/storage/log/retention.ts';
import type { Cache } from './cache.ts';
import type { Loss } from './claims.ts';
import { footingOf, putFormers } from './forks/footing.ts';
import type { Layered } from './forks/layered.ts';
import { notReady } from './forks/registered.ts';
import { dropped, reserveDropRequest } from './forks/requests.ts';
import type { Heads } from './heads.ts';
import { keyAttributes, resourcePlace } from './layout.ts';
import type { DynamoOptions, Timings } from './options.ts';
import { type EntryTimes, entryAttributes } from './records.ts';
import type { Write } from './requests.ts';
import { cancellation } from './sender.ts';
import type { Counter, Table } from './table.ts';
import { expiryOf } from './tail.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { writeOf } from './writeOf.ts';

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
  /** The object as last acknowledged. */
  read(key: Key): Promise<Stored | undefined>;
  layered: Layered;
  packs: NonNullable<DynamoOptions['packs']>;
}

/** New revisions that a write takes when readers give its earlier ones up. */
const revisionsPerWrite = 10;
/** Writes of one space, one after the other in this process: a refused write can give its revision back. */
export class Writer {
  readonly #table: Table;
  readonly #cache: Cache;
  readonly #seen: NonNullable<Storage['seen']>;
  readonly #heads: Heads;
  readonly #read: Pieces['read'];
  readonly #layered: Layered;
  readonly #packs: Pieces['packs'];
  readonly #timings: Timings;
  readonly #retention: Retention;

  /** `seen`: a state under its revision, where this process has it at hand. */
  constructor(
    { table, cache, heads, seen, read, layered, packs }: Pieces,
    { timings, retention }: { timings: Timings; retention: Retention },
  ) {
    this.#table = table;
    this.#cache = cache;
    this.#seen = seen;
    this.#heads = heads;
    this.#read = read;
    this.#layered = layered;
    this.#packs = packs;
    this.#timings = timings;
    this.#retention = retention;
  }

  /** One counter update and one transaction; a read before when the state to replace is not at hand. */
  async write(order: WriteOrder): Promise<Stored> {
    const previous =
      order.expected === undefined ? undefined : await this.#previous(order.key, order.expected);
    let fork: string | undefined;
    let notBefore = 0;
    for (let attempt = 0; attempt < revisionsPerWrite; attempt++) {
      if (notBefore) await this.#until(notBefore);
      const counter = await this.#reserve(order.key);
      fork ??= counter.fork;
      // What was meant for a fork must not be written once that is gone.
      if (counter.fork !== fork && !(fork === dropped && !counter.fork))
        await this.#releasing(order.key, counter, () => Promise.reject(notReady(order.key.cluster)));
      const change = await this.#releasing(order.key, counter, async () =>
        changeOf(order, counter, previous),
      );
      if (!this.#alive(counter)) continue;
      const refused = await this.#transact(order, counter, change);
      if (!refused) return change.object;
      notBefore = refused.notBefore ?? 0;
    }
    throw writeFailed(
      new Error(
        notBefore
          ? 'other logical clusters gained and lost what it claims at every try'
          : 'readers gave up every revision it took',
      ),
    );
  }

  /** A clock that is ahead has said when claims were lost: whoever tries again sooner is refused again. */
  async #until(notBefore: number): Promise<void> {
    const waitMs = notBefore - this.#table.clock.now();
    if (waitMs > this.#timings.holdMs)
      throw writeFailed(
        new Error(
          `another logical cluster lost what it claims, by a clock that is ahead by more than ${this.#timings.holdMs / 1_000} s`,
        ),
      );
    if (waitMs > 0) await this.#table.clock.sleep(waitMs);
  }

  /**
   * A revision whose entry says that everything before it is gone. `close`: settles what was reserved before; what came later
   * than the entry would stay for good. Returns what to say of the claims that are lost by it.
   */
  async drop(space: string, close: (revision: number) => Promise<void>): Promise<Loss> {
    for (;;) {
      const counter = await this.#take(space, reserveDropRequest);
      await close(counter.revision - 1);
      if (await this.#putAlone('drop', space, counter)) return this.#lossOf(counter);
    }
  }

  /** A revision that no change will ever have, if the newest was taken `quietMs` ago. */
  async advance(space: string, quietMs: number): Promise<void> {
    const { touched, fork } = await this.#table.counter(space);
    if (touched && fork !== dropped && touched <= this.#table.clock.now() - quietMs) await this.#skip(space);
  }

  async #skip(space: string): Promise<void> {
    while (!(await this.#putAlone('none', space, await this.#take(space))));
  }

  /** An entry with no change; false when readers gave its revision up. */
  async #putAlone(type: 'none' | 'drop', space: string, counter: Counter): Promise<boolean> {
    const entry = entryAttributes(space, counter.revision, type, this.#timesOf(counter, counter.touched));
    return this.#alive(counter) && this.#table.putNew(entry);
  }

  async #previous(key: Key, expected: string): Promise<Stored> {
    const seen = this.#seen(key, expected);
    if (seen) return seen;
    const stored = await this.#read(key);
    if (!stored) throw keyNotFound(key);
    if (stored.revision !== expected) throw keyConflict(key);
    return stored;
  }

  async #reserve(key: Key): Promise<Counter> {
    const counter = await this.#take(spaceOf(key));
    // Mostly the first of its kind: a later drop of the cluster must find it, and who forks it.
    if (!counter.isListed) await this.#table.put(keyAttributes(resourcePlace(key.cluster, key.resource)));
    return counter;
  }

  async #take(space: string, request?: typeof reserveDropRequest): Promise<Counter> {
    const counter = await this.#table.reserve(space, request);
    await this.#heads.say(space, counter.revision);
    return counter;
  }

  /** Undefined when it happened; else it needs a newer revision. Throws what Storage documents. */
  async #transact(order: WriteOrder, counter: Counter, change: Change): Promise<Verdict | undefined> {
    const { key } = order;
    const write = await this.#releasing(key, counter, () => this.#writeOf(order, counter, change));
    if (!this.#alive(counter)) return { unused: false };
    try {
      await this.#table.transact(write, () => this.#alive(counter));
    } catch (error) {
      const verdict = verdictOf(order, write, cancellation(error));
      if (!verdict) throw error;
      if (verdict.unused) await this.#release(key, counter);
      if (!verdict.error) return verdict;
      this.#cache.forget(key);
      throw verdict.error;
    }
    if (change.type === 'put') this.#cache.put(change.object);
    else this.#cache.forget(key);
    return undefined;
  }

  async #writeOf(order: WriteOrder, counter: Counter, change: Change): Promise<Write> {
    const { previous } = change;
    const pieces = { table: this.#table, layered: this.#layered };
    const footing = await footingOf(pieces, order, counter, previous);
    const { at, expires } = this.#lossOf(counter);
    const times = { entry: this.#timesOf(counter, at), touched: counter.touched, expires };
    const write = writeOf(change, footing, { ...times, packs: this.#packs() });
    if (footing.note) await putFormers(this.#table, order.key, counter, previous?.index.owners);
    return { ...write, isFirst: !counter.isListed };
  }

  /** When what goes now goes, and until when it has to be told. */
  #lossOf({ revision }: Counter): Loss {
    const at = this.#table.clock.now();
    return { revision, at, expires: Math.ceil((at + this.#timings.graceMs) / 1_000) };
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
  async #releasing<T>(key: Key, counter: Counter, make: () => Promise<T>): Promise<T> {
    try {
      return await make();
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
