import { ApiError } from '../../../shared/errors/apiError.ts';
import type {
  Build,
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
import {
  checkIndex,
  checkKey,
  keyOf,
  parseKeyText,
  separator,
  spaceOf,
} from '../../../shared/storage/log/keys.ts';
import { defaultRetention, type Retention } from '../../../shared/storage/log/retention.ts';
import { Cache } from './cache.ts';
import { holders } from './claims.ts';
import { dropSpace } from './drop.ts';
import { Heads } from './heads.ts';
import { Kept } from './kept.ts';
import { claimPlace, ownerPlace, resourcePlace, textOf } from './layout.ts';
import { list } from './listing.ts';
import { type DynamoOptions, defaultTimings, type Timings } from './options.ts';
import { Remembered } from './remembered.ts';
import { Table } from './table.ts';
import { Tail } from './tail.ts';
import { watch } from './watching.ts';
import { type WriteOrder, Writer } from './writer.ts';

const sizedAtOnce = 500;

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
  readonly #writer: Writer;
  readonly #tails = new Map<string, Tail>();
  /** The last write of each space that has one under way. */
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #stopWakeUps: () => void;

  constructor({
    client,
    table,
    clock,
    ids,
    retention,
    timings,
    wakeUps,
    attempts = 8,
    seldom = [],
  }: DynamoOptions) {
    this.#table = new Table(client, table, { clock, ids, attempts });
    this.#timings = { ...defaultTimings, ...timings };
    this.#retention = { ...defaultRetention, ...retention };
    this.#heads = new Heads(this.#table, seldom);
    const seen = (key: Key, revision: string) => this.seen(key, revision);
    const pieces = { table: this.#table, cache: this.#cache, heads: this.#heads, seen };
    this.#writer = new Writer(pieces, { timings: this.#timings, retention: this.#retention });
    const wake = (cluster: string, resource: string) =>
      this.#tails.get(spaceOf({ cluster, resource }))?.wake();
    this.#stopWakeUps = wakeUps?.(wake) ?? (() => {});
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
    const read = () => this.#table.object(key);
    const object = this.#heads.isKept(space)
      ? await this.#remembered.get(key, this.#tail(space), read)
      : await read();
    if (object) this.#cache.put(object);
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
    const sources = { table: this.#table, tail: this.#tail(spaceOf(scope)), kept: this.#kept };
    return list(sources, scope, page);
  }

  async owned(cluster: string, owner: string): Promise<Key[]> {
    this.#open();
    const { pk } = ownerPlace(spaceOf({ cluster, resource: '' }), owner, '');
    const entries = await this.#table.all({ pk });
    return entries.map((entry) => parseKeyText(`${cluster}${separator}${textOf(entry, 'sk')}`));
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
    for (const item of await this.#table.all({ pk: resourcePlace(cluster, '').pk })) {
      const resource = textOf(item, 'sk');
      const space = spaceOf({ cluster, resource });
      await this.#inLane(space, async () => {
        await this.#writer.drop({ cluster, resource });
        await dropSpace(this.#table, space, (item) => this.#cache.forget(keyOf(space, item)));
      });
      this.#tails.get(space)?.wake();
    }
  }

  /** A fork would need what its base replaces to be kept in the same transaction, whichever process writes it. */
  async fork(_base: string, cluster: string): Promise<void> {
    this.#open();
    throw new ApiError(
      'MethodNotAllowed',
      `the logical cluster ${JSON.stringify(cluster)} cannot be a fork: storage in DynamoDB does not support forks`,
    );
  }

  async forks(): Promise<string[]> {
    this.#open();
    return [];
  }

  async heads(cluster: string): Promise<ReadonlyMap<string, string>> {
    this.#open();
    const heads = new Map<string, string>();
    for (const item of await this.#table.all({ pk: resourcePlace(cluster, '').pk })) {
      const resource = textOf(item, 'sk');
      heads.set(resource, await this.head(cluster, resource));
    }
    return heads;
  }

  async size(cluster: string): Promise<Size> {
    const size: Size = { objects: 0, bytes: 0 };
    for (const resource of (await this.heads(cluster)).keys()) {
      const scope = { cluster, resource };
      for (let cursor: string | undefined, first = true; first || cursor; first = false) {
        const listing = await this.list(scope, { limit: sizedAtOnce, ...(cursor && { cursor }) });
        size.objects += listing.items.length;
        for (const { value } of listing.items) size.bytes += value.length;
        cursor = listing.cursor;
      }
    }
    return size;
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#stopWakeUps();
    this.#closing.abort();
    while (this.#lanes.size) await Promise.all(this.#lanes.values());
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
