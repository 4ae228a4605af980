import type { Clock } from '../../clock/clock.ts';
import type {
  Build,
  Change,
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
} from '../../ports/storage.ts';
import { Broadcaster } from '../log/broadcaster.ts';
import { beginningOf, encodeCursor } from '../log/cursor.ts';
import {
  closed,
  dropped,
  hasForks,
  keyConflict,
  keyExists,
  keyNotFound,
  notEmpty,
  unknownRevision,
} from '../log/errors.ts';
import { checkIndex, checkKey, compareItems, itemOf, separator, spaceOf } from '../log/keys.ts';
import { defaultRetention, type Retention } from '../log/retention.ts';
import { firstRevision, parseRevision } from '../log/revision.ts';
import { asOf, takePage } from '../log/snapshot.ts';
import { turnover } from '../log/turnover.ts';
import { Claims } from './claims.ts';
import { Space } from './space.ts';

export interface MemoryOptions {
  clock: Clock;
  retention?: Partial<Retention>;
  /** Changes a watch may lag before it reads from the log again. */
  queueLimit?: number;
}

/** Everything in the heap, gone with the process: for tests, simulations and throw-away servers. */
export function openMemoryStorage(options: MemoryOptions): Storage {
  return new MemoryStorage(options);
}

class MemoryStorage implements Storage {
  readonly #clock: Clock;
  readonly #retention: Retention;
  readonly #broadcaster: Broadcaster;
  readonly #spaces = new Map<string, Space>();
  /** Says where revisions of a removed cluster go on, should it come back: none is ever used twice. */
  readonly #bases = new Map<string, number>();
  readonly #claims = new Claims();
  /** Fork → base. */
  readonly #forks = new Map<string, string>();
  #closed = false;

  constructor({ clock, retention, queueLimit }: MemoryOptions) {
    this.#clock = clock;
    this.#retention = { ...defaultRetention, ...retention };
    const log = {
      head: (space: string) => this.#space(space).head,
      read: (space: string, after: number, limit: number) => this.#space(space).read(after, limit),
    };
    this.#broadcaster = new Broadcaster({ log, clock, queueLimit });
  }

  async create(key: Key, build: Build, index: Index = {}): Promise<Stored> {
    checkKey(key);
    checkIndex(index);
    this.#claims.check(key.resource, index.claims ?? []);
    const previous = this.#find(key);
    if (previous) throw keyExists(key);
    return this.#write('put', key, build, index);
  }

  async get(key: Key): Promise<Stored | undefined> {
    return this.#find(key);
  }

  async update(key: Key, expected: string, build: Build, index: Index = {}): Promise<Stored> {
    checkIndex(index);
    const previous = this.#find(key);
    if (!previous) throw keyNotFound(key);
    if (previous.revision !== expected) throw keyConflict(key);
    this.#claims.check(key.resource, turnover(previous.index.claims, index.claims).gained);
    return this.#write('put', key, build, index, previous);
  }

  async delete(key: Key, expected: string, last: Build): Promise<Stored> {
    const previous = this.#find(key);
    if (!previous) throw keyNotFound(key);
    if (previous.revision !== expected) throw keyConflict(key);
    return this.#write('delete', key, last, previous.index, previous);
  }

  async list(scope: Scope, page: Page = {}): Promise<Listing> {
    const space = this.#space(spaceOf(scope));
    const { limit = 0, at } = page;
    const { cursor, after } = beginningOf(page);
    const revision = cursor?.revision ?? (at === undefined ? space.head : parseRevision(at));
    if (revision > space.head) throw unknownRevision(revision, space.head);
    const { namespace, owner } = scope;
    const past = [...space.rewind(revision)].map(([item, stored]): [string, Stored | undefined] => {
      const inScope =
        stored &&
        (namespace === undefined || stored.key.namespace === namespace) &&
        (owner === undefined || stored.index.owners?.includes(owner)) &&
        (after === undefined || compareItems(item, after) > 0);
      return [item, inScope ? stored : undefined];
    });
    const all = asOf(space.current(namespace, owner, after), new Map(past));
    const { page: taken, remaining } = takePage(all, limit, cursor?.remaining);
    const items = taken.map(([, stored]) => stored);
    const listing = { items, revision: String(revision) };
    if (!remaining) return listing;
    return { ...listing, remaining, cursor: encodeCursor({ revision, after: taken.at(-1)![0], remaining }) };
  }

  async owned(cluster: string, owner: string): Promise<Key[]> {
    this.#open();
    return this.#of(cluster)
      .sort(([a], [b]) => compareItems(a, b))
      .flatMap(([, space]) => Array.from(space.current(undefined, owner), ([, { key }]) => key));
  }

  async claims(resource: string): Promise<ReadonlyMap<string, Key>> {
    this.#open();
    return new Map(this.#claims.of(resource));
  }

  watch(scope: WatchScope, since: string, signal: AbortSignal) {
    return this.#broadcaster.watch(scope, since, signal);
  }

  readonly knowsHeads = true;

  head(cluster: string, resource: string): string {
    return String(this.#space(spaceOf({ cluster, resource })).head);
  }

  async advance(cluster: string, resource: string, quietMs: number): Promise<string> {
    const name = spaceOf({ cluster, resource });
    const space = this.#space(name);
    const now = this.#clock.now();
    space.advance(now - quietMs, now);
    this.#broadcaster.pass(name, space.head);
    return String(space.head);
  }

  async drop(cluster: string): Promise<void> {
    this.#open();
    const forks = await this.forks(cluster);
    if (forks.length) throw hasForks(cluster, forks);
    let base = this.#bases.get(cluster) ?? firstRevision;
    for (const [name, space] of this.#of(cluster)) {
      if (space.isInherited || space.head > space.start) base = Math.max(base, space.head + 1);
      this.#spaces.delete(name);
    }
    this.#bases.set(cluster, base);
    this.#claims.drop(cluster);
    this.#forks.delete(cluster);
    this.#broadcaster.end(cluster, dropped(cluster));
  }

  /** Objects never change once they are there: a fork is another index of them. */
  async fork(base: string, cluster: string, { without = [] }: ForkOptions = {}): Promise<void> {
    this.#open();
    if (this.#forks.get(cluster) === base) return;
    const least = this.#bases.get(cluster) ?? firstRevision;
    const isWritten = this.#of(cluster).some(([, { head, start }]) => head > start);
    const forks = await this.forks(cluster);
    if (isWritten || this.#forks.has(cluster) || base === cluster || forks.length) throw notEmpty(cluster);
    for (const [name, space] of this.#of(base)) {
      const resource = name.slice(base.length + separator.length);
      if (!space.isInherited && space.head === space.start) continue;
      if (!without.includes(resource))
        this.#spaces.set(spaceOf({ cluster, resource }), space.fork(cluster, least));
    }
    this.#forks.set(cluster, base);
    this.#broadcaster.end(cluster, dropped(cluster));
  }

  async forks(base: string): Promise<string[]> {
    this.#open();
    const forks = [...this.#forks].filter(([, its]) => its === base).map(([cluster]) => cluster);
    return forks.sort(compareItems);
  }

  async heads(cluster: string): Promise<ReadonlyMap<string, string>> {
    this.#open();
    const written = this.#of(cluster).filter(([, { head, start }]) => head > start);
    return new Map(
      written.map(([name, { head }]) => [name.slice(cluster.length + separator.length), `${head}`]),
    );
  }

  async size(cluster: string): Promise<Size> {
    this.#open();
    const objects = this.#of(cluster).flatMap(([, space]) => [...space.objects.values()]);
    const own = objects.filter(({ writtenIn }) => writtenIn === undefined);
    return { objects: objects.length, bytes: own.reduce((sum, { value }) => sum + value.length, 0) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#broadcaster.close();
  }

  #write(type: Change['type'], key: Key, build: Build, index: Index, previous?: Stored): Stored {
    const name = spaceOf(key);
    const space = this.#space(name);
    const revision = String(space.head + 1);
    const object: Stored = { key: { ...key }, revision, value: build(revision), index };
    const at = this.#clock.now();
    const change: Change = previous ? { type, object, previous, at } : { type, object, at };
    space.apply(change, at);
    this.#claims.change(key, turnover(previous?.index.claims, type === 'put' ? index.claims : []));
    this.#broadcaster.publish(name, [change]);
    return object;
  }

  /** The spaces of a logical cluster, with their names. */
  #of(cluster: string): [string, Space][] {
    const prefix = spaceOf({ cluster, resource: '' });
    return [...this.#spaces].filter(([name]) => name.startsWith(prefix));
  }

  #find(key: Key): Stored | undefined {
    return this.#space(spaceOf(key)).objects.get(itemOf(key));
  }

  #space(name: string): Space {
    this.#open();
    let space = this.#spaces.get(name);
    if (!space) {
      space = new Space(this.#bases.get(name.slice(0, name.indexOf(separator))) ?? firstRevision);
      this.#spaces.set(name, space);
    }
    space.compact(this.#retention, this.#clock.now());
    return space;
  }

  #open(): void {
    if (this.#closed) throw closed();
  }
}
