import type {
  Build,
  ForkOptions,
  Index,
  Key,
  Listing,
  Page,
  Scope,
  Size,
  Storage,
  Stored,
  WatchScope,
} from '../../../shared/ports/storage.ts';
import { closed } from '../../../shared/storage/log/errors.ts';
import { checkIndex, checkKey, keyOf, spaceOf } from '../../../shared/storage/log/keys.ts';
import { defaultRetention, type Retention } from '../../../shared/storage/log/retention.ts';
import { Cache } from './cache.ts';
import { holders } from './claims.ts';
import { dropSpace } from './drop.ts';
import { dropCluster } from './forks/dropping.ts';
import { ForkFinder } from './forks/finder.ts';
import { Layered } from './forks/layered.ts';
import { makeFork } from './forks/making.ts';
import { ownedInFork, ownOwned } from './forks/owned.ts';
import { forksOf, resourcesOf } from './forks/registered.ts';
import { removePast } from './forks/releasing.ts';
import { Heads } from './heads.ts';
import { Kept } from './kept.ts';
import { claimPlace } from './layout.ts';
import { list } from './listing.ts';
import { type DynamoOptions, defaultTimings, type Timings } from './options.ts';
import { Remembered } from './remembered.ts';
import { headsOf, sizeOf } from './sizes.ts';
import { Table } from './table.ts';
import { expiryOf, Tail } from './tail.ts';
import { watch } from './watching.ts';
import { type WriteOrder, Writer } from './writer.ts';

export type { DynamoOptions } from './options.ts';

/** Storage in one DynamoDB table, shared by any number of processes. See README.md for layout, rules and costs. */
export function openDynamoStorage(options: DynamoOptions): Storage {
  return new DynamoStorage(options);
}

class DynamoStorage implements Storage {
  readonly #table: Table;
  readonly #timings: Timings;
  readonly #retention: Retention;
  readonly #cache = new Cache();
  readonly #kept = new Kept();
  readonly #heads: Heads;
  readonly #remembered = new Remembered();
  readonly #layered: Layered;
  readonly #forks: ForkFinder;
  readonly #writer: Writer;
  readonly #tails = new Map<string, Tail>();
  /** The last write of each space that has one under way. */
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #stopWakeUps: () => void;

  constructor(options: DynamoOptions) {
    const { client, table, clock, ids, wakeUps, attempts = 8, seldom = [], packs = () => true } = options;
    this.#table = new Table(client, table, { clock, ids, attempts });
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#retention = { ...defaultRetention, ...options.retention };
    this.#heads = new Heads(this.#table, seldom);
    const seen = (key: Key, revision: string) => this.seen(key, revision);
    this.#forks = new ForkFinder(this.#table);
    this.#layered = new Layered(this.#table, this.#timings.holePollMs);
    const { layered, read } = { layered: this.#layered, read: (key: Key) => this.#read(key) };
    const pieces = { table: this.#table, cache: this.#cache, heads: this.#heads, seen, read, layered, packs };
    this.#writer = new Writer(pieces, { timings: this.#timings, retention: this.#retention });
    const wake = (space: string) => this.#tails.get(space)?.wake();
    this.#stopWakeUps = wakeUps?.((cluster, resource) => wake(spaceOf({ cluster, resource }))) ?? (() => {});
  }

  async create(key: Key, build: Build, index: Index = {}): Promise<Stored> {
    return this.#write({ type: 'put', key, build, index });
  }

  async update(key: Key, expected: string, build: Build, index: Index = {}): Promise<Stored> {
    return this.#write({ type: 'put', key, expected, build, index });
  }

  async delete(key: Key, expected: string, last: Build): Promise<Stored> {
    return this.#write({ type: 'delete', key, expected, build: last });
  }

  async get(key: Key): Promise<Stored | undefined> {
    this.#open();
    const space = spaceOf(key);
    const read = () => this.#read(key);
    const object = this.#heads.isKept(space)
      ? await this.#remembered.get(key, this.#tail(space), read)
      : await read();
    if (object) this.#cache.put(object);
    this.#forks.see(key, object);
    return object;
  }

  seen(key: Key, revision: string): Stored | undefined {
    const [cached, kept] = [this.#cache.get(key), this.#kept.at(key)];
    // The older of the two is known to be replaced.
    const newest = Number(cached?.revision ?? 0) > Number(kept?.revision ?? 0) ? cached : kept;
    return newest?.revision === revision ? newest : undefined;
  }

  async list(scope: Scope, page: Page = {}): Promise<Listing> {
    this.#open();
    const pieces = { table: this.#table, kept: this.#kept, layered: this.#layered, forks: this.#forks };
    return list({ ...pieces, tail: this.#tail(spaceOf(scope)) }, scope, page);
  }

  async owned(cluster: string, owner: string): Promise<Key[]> {
    this.#open();
    const fork = await this.#forks.find(cluster);
    return fork
      ? ownedInFork(this.#table, fork, owner, (key) => this.#read(key))
      : ownOwned(this.#table, cluster, owner);
  }

  async claims(resource: string): Promise<ReadonlyMap<string, Key>> {
    this.#open();
    const { pk } = claimPlace(resource, '');
    return holders(await this.#table.all({ pk }));
  }

  watch(scope: WatchScope, since: string, signal: AbortSignal) {
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    return watch(this.#tail(spaceOf(scope)), this.#table.clock, this.#timings, { scope, since }, ending);
  }

  async head(cluster: string, resource: string): Promise<string> {
    this.#open();
    return String(await this.#tail(spaceOf({ cluster, resource })).settle());
  }

  async advance(cluster: string, resource: string, quietMs: number): Promise<string> {
    this.#open();
    const space = spaceOf({ cluster, resource });
    await this.#inLane(space, () => this.#writer.advance(space, quietMs));
    this.#tails.get(space)?.wake();
    return this.head(cluster, resource);
  }

  async drop(cluster: string): Promise<void> {
    this.#open();
    await dropCluster(this.#table, cluster, async (isStillOurs) => {
      for (const resource of await resourcesOf(this.#table, cluster)) {
        await isStillOurs();
        await this.#dropResource(cluster, resource);
      }
    });
  }

  async #dropResource(cluster: string, resource: string): Promise<void> {
    const space = spaceOf({ cluster, resource });
    const tail = this.#tail(space);
    await this.#inLane(space, async () => {
      const loss = await this.#writer.drop(space, (revision) => tail.close(revision));
      await dropSpace(this.#table, space, loss, (item) => this.#cache.forget(keyOf(space, item)));
      await removePast(this.#table, cluster, resource);
    });
    tail.wake();
  }

  async fork(base: string, cluster: string, options: ForkOptions = {}): Promise<void> {
    this.#open();
    const expires = () => expiryOf(this.#table.clock.now(), this.#retention, this.#timings);
    const pieces = { table: this.#table, heads: this.#heads, timings: this.#timings, expires };
    await makeFork({ ...pieces, tail: (space) => this.#tail(space) }, base, cluster, options);
    const its = spaceOf({ cluster, resource: '' });
    for (const [space, tail] of this.#tails) if (space.startsWith(its)) tail.wake();
  }

  async forks(base: string): Promise<string[]> {
    this.#open();
    return (await forksOf(this.#table, base)).map(({ cluster }) => cluster);
  }

  async heads(cluster: string): Promise<ReadonlyMap<string, string>> {
    this.#open();
    return headsOf(this.#table, cluster, (resource) => this.head(cluster, resource));
  }

  async size(cluster: string): Promise<Size> {
    this.#open();
    return sizeOf(this.#table, cluster, (scope, page) => this.list(scope, page));
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#stopWakeUps();
    this.#closing.abort();
    while (this.#lanes.size) await Promise.all(this.#lanes.values());
  }

  /** What stands in the object's own place; else what a fork has from its base. */
  async #read(key: Key): Promise<Stored | undefined> {
    const own = await this.#table.state(key);
    if (own) return own === 'deleted' ? undefined : own;
    const fork = await this.#forks.find(key.cluster, this.#tails.get(spaceOf(key))?.hasTurned);
    return fork && this.#layered.get(fork, key);
  }

  async #write(order: WriteOrder): Promise<Stored> {
    this.#open();
    checkKey(order.key);
    checkIndex(order.index);
    const space = spaceOf(order.key);
    const stored = await this.#inLane(space, () => this.#writer.write(order));
    this.#tails.get(space)?.wake();
    return stored;
  }

  /** One write of a space after the other: those called before are seen, and revisions come in that order. */
  async #inLane<T>(space: string, write: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(space);
    const result = before ? before.then(write) : write();
    const done = result.then(
      () => {},
      () => {},
    );
    this.#lanes.set(space, done);
    try {
      return await result;
    } finally {
      if (this.#lanes.get(space) === done) this.#lanes.delete(space);
    }
  }

  #tail(space: string): Tail {
    const tail =
      this.#tails.get(space) ?? new Tail(space, this.#table, this.#timings, this.#retention, this.#heads);
    this.#tails.set(space, tail);
    return tail;
  }

  #open(): void {
    if (this.#closing.signal.aborted) throw closed();
  }
}
