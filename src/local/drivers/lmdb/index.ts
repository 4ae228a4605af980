import type { Clock } from '../../../shared/clock/clock.ts';
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
import { Broadcaster } from '../../../shared/storage/log/broadcaster.ts';
import { closed, dropped } from '../../../shared/storage/log/errors.ts';
import { checkIndex, checkKey, itemOf, spaceOf } from '../../../shared/storage/log/keys.ts';
import { defaultRetention, type Retention } from '../../../shared/storage/log/retention.ts';
import { advance } from './advance.ts';
import { compactForever } from './aging.ts';
import type { Intent } from './batch.ts';
import { dropCluster } from './drop.ts';
import { openEnvironment } from './environment.ts';
import { forkCluster, ownHeads, sizeOf } from './fork.ts';
import { ensureFormat } from './format.ts';
import { Headroom } from './headroom.ts';
import type { Snapshot } from './layers.ts';
import { list } from './listing.ts';
import { Tables } from './tables.ts';
import { Writer } from './writer.ts';

export interface LmdbOptions {
  /** The data folder, for this process alone; made with mode 0700 if it is not there. */
  dir: string;
  clock: Clock;
  retention?: Partial<Retention>;
  /** Changes a watch may lag before it reads from the log again. */
  queueLimit?: number;
}

/** Durable storage in one folder. Throws when the folder is damaged or of a newer format, and says what to do. */
export async function openLmdbStorage(options: LmdbOptions): Promise<Storage> {
  const tables = new Tables(await openEnvironment(options.dir));
  try {
    await ensureFormat(options.dir, tables);
  } catch (error) {
    await tables.root.close();
    throw error;
  }
  return new LmdbStorage(tables, options);
}

class LmdbStorage implements Storage {
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #retention: Retention;
  readonly #broadcaster: Broadcaster;
  readonly #headroom: Headroom;
  readonly #writer: Writer;
  readonly #closing = new AbortController();
  readonly #compaction: Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(tables: Tables, { dir, clock, retention, queueLimit }: LmdbOptions) {
    this.#tables = tables;
    this.#clock = clock;
    this.#retention = { ...defaultRetention, ...retention };
    const log = {
      head: (space: string) => tables.state(space).head,
      read: (space: string, after: number, limit: number) => tables.changes(space, after, limit),
    };
    this.#broadcaster = new Broadcaster({ log, clock, queueLimit });
    this.#headroom = new Headroom(tables.root, dir);
    this.#writer = new Writer({
      tables,
      headroom: this.#headroom,
      clock,
      retention: this.#retention,
      publish: (space, changes) => this.#broadcaster.publish(space, changes),
    });
    this.#compaction = compactForever(
      { tables, clock, retention: this.#retention, writer: this.#writer },
      this.#closing.signal,
    );
  }

  create(key: Key, build: Build, index: Index = {}): Promise<Stored> {
    return this.#submit('put', key, { build, index });
  }

  update(key: Key, expected: string, build: Build, index: Index = {}): Promise<Stored> {
    return this.#submit('put', key, { expected, build, index });
  }

  delete(key: Key, expected: string, last: Build): Promise<Stored> {
    return this.#submit('delete', key, { expected, build: last });
  }

  async get(key: Key): Promise<Stored | undefined> {
    this.#open();
    const space = spaceOf(key);
    const revision = this.#tables.pointer(space, itemOf(key));
    return revision === undefined ? undefined : this.#tables.at({ ...key }, space, revision);
  }

  async list(scope: Scope, page: Page = {}): Promise<Listing> {
    this.#open();
    return list(this.#tables, scope, page);
  }

  async owned(cluster: string, owner: string): Promise<Key[]> {
    this.#open();
    return this.#tables.dependents(cluster, owner);
  }

  async claims(resource: string): Promise<ReadonlyMap<string, Key>> {
    this.#open();
    return this.#tables.holders(resource);
  }

  watch(scope: WatchScope, since: string, signal: AbortSignal) {
    return this.#broadcaster.watch(scope, since, signal);
  }

  readonly knowsHeads = true;

  head(cluster: string, resource: string): string {
    this.#open();
    return String(this.#tables.state(spaceOf({ cluster, resource })).head);
  }

  async advance(cluster: string, resource: string, quietMs: number): Promise<string> {
    this.#open();
    const space = spaceOf({ cluster, resource });
    const pass = () => this.#broadcaster.pass(space, this.#tables.state(space).head);
    await this.#writer.transaction(() => advance(this.#tables, space, this.#clock.now(), quietMs), pass);
    return this.head(cluster, resource);
  }

  async drop(cluster: string): Promise<void> {
    this.#open();
    const { layers } = this.#tables;
    await this.#writer.transaction(
      () => dropCluster(this.#tables, cluster),
      () => layers.remove(cluster),
    );
    this.#broadcaster.end(cluster, dropped(cluster));
  }

  async fork(base: string, cluster: string, { without = [] }: ForkOptions = {}): Promise<void> {
    this.#open();
    let made: Snapshot | undefined;
    await this.#writer.transaction(
      () => {
        made = forkCluster(this.#tables, base, cluster, without);
      },
      () => made && this.#tables.layers.add(cluster, made),
    );
    if (made) this.#broadcaster.end(cluster, dropped(cluster));
  }

  async forks(base: string): Promise<string[]> {
    this.#open();
    return this.#tables.layers.forksOf(base);
  }

  async heads(cluster: string): Promise<ReadonlyMap<string, string>> {
    this.#open();
    return new Map(Array.from(ownHeads(this.#tables, cluster), ([resource, head]) => [resource, `${head}`]));
  }

  async size(cluster: string): Promise<Size> {
    this.#open();
    return sizeOf(this.#tables, cluster);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    this.#broadcaster.close();
    await this.#compaction;
    await this.#writer.idle();
    await this.#headroom.close();
    await this.#tables.root.close();
  }

  #submit(
    type: Intent['type'],
    key: Key,
    rest: Pick<Intent, 'build' | 'index' | 'expected'>,
  ): Promise<Stored> {
    try {
      this.#open();
      checkKey(key);
      checkIndex(rest.index);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#writer.submit({ type, key, space: spaceOf(key), item: itemOf(key), ...rest });
  }

  #open(): void {
    if (this.#closing.signal.aborted) throw closed();
  }
}
