import type { Clock } from '../../clock/clock.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import type { Soon } from '../../meta/soon.ts';
import type {
  Build,
  Change,
  ForkOptions,
  Index,
  Key,
  Listing,
  Page,
  Progress,
  Scope,
  Size,
  Storage,
  Stored,
  WatchScope,
} from '../../ports/storage.ts';
import { withValue } from '../../ports/withValue.ts';
import { DataKeys, defaultKeyLimits, type KeyLimits, type KeyWrapper } from './encryptionKeys.ts';
import { type DataKey, headerOf, isSealed, seal, unseal } from './encryptionSealing.ts';

export type { KeyWrapper } from './encryptionKeys.ts';

export interface EncryptionOptions {
  /** As in keys: `secrets`. Others pass untouched. */
  resources: readonly string[];
  wrapper: KeyWrapper;
  clock: Clock;
  limits?: Partial<KeyLimits>;
}

/**
 * Seals the values of some resources with AES-256-GCM under data keys that the wrapper keeps, bound to the key they are
 * stored under: a value that was changed or moved does not open, and neither does a list that holds it. Index, names
 * and revisions stay readable. Values from before encryption are read as they are, and sealed when next written.
 */
export function encrypted(inner: Storage, options: EncryptionOptions): Storage {
  return new EncryptedStorage(inner, options);
}

class EncryptedStorage implements Storage {
  readonly #inner: Storage;
  readonly #resources: ReadonlySet<string>;
  readonly #keys: DataKeys;
  /** Writes that wait for a data key: close lets them finish. */
  readonly #waiting = new Set<Promise<unknown>>();

  constructor(inner: Storage, { resources, wrapper, clock, limits }: EncryptionOptions) {
    this.#inner = inner;
    this.#resources = new Set(resources);
    this.#keys = new DataKeys(wrapper, clock, { ...defaultKeyLimits, ...limits });
  }

  create(key: Key, build: Build, index?: Index): Promise<Stored> {
    if (!this.#resources.has(key.resource)) return this.#inner.create(key, build, index);
    return this.#write(key, build, (sealed) => this.#inner.create(key, sealed, index));
  }

  update(key: Key, expected: string, build: Build, index?: Index): Promise<Stored> {
    if (!this.#resources.has(key.resource)) return this.#inner.update(key, expected, build, index);
    return this.#write(key, build, (sealed) => this.#inner.update(key, expected, sealed, index));
  }

  delete(key: Key, expected: string, last: Build): Promise<Stored> {
    if (!this.#resources.has(key.resource)) return this.#inner.delete(key, expected, last);
    return this.#write(key, last, (sealed) => this.#inner.delete(key, expected, sealed));
  }

  get(key: Key): Promise<Stored | undefined> {
    const read = this.#inner.get(key);
    return this.#resources.has(key.resource) ? this.#openedOf(read) : read;
  }

  /** What is sealed takes a while to open. */
  seen(key: Key, revision: string): Stored | undefined {
    return this.#resources.has(key.resource) ? undefined : this.#inner.seen?.(key, revision);
  }

  async list(scope: Scope, page?: Page): Promise<Listing> {
    const listing = await this.#inner.list(scope, page);
    if (!this.#resources.has(scope.resource)) return listing;
    return { ...listing, items: await Promise.all(listing.items.map((item) => this.#opened(item))) };
  }

  owned(cluster: string, owner: string): Promise<Key[]> {
    return this.#inner.owned(cluster, owner);
  }

  claims(resource: string): Promise<ReadonlyMap<string, Key>> {
    return this.#inner.claims(resource);
  }

  watch(scope: WatchScope, since: string, signal: AbortSignal): AsyncIterable<Change | Progress> {
    const changes = this.#inner.watch(scope, since, signal);
    return this.#resources.has(scope.resource) ? this.#openedChanges(changes) : changes;
  }

  get knowsHeads(): boolean {
    return this.#inner.knowsHeads ?? false;
  }

  head(cluster: string, resource: string): Soon<string> {
    return this.#inner.head(cluster, resource);
  }

  advance(cluster: string, resource: string, quietMs: number): Promise<string> {
    return this.#inner.advance(cluster, resource, quietMs);
  }

  drop(cluster: string): Promise<void> {
    return this.#inner.drop(cluster);
  }

  fork(base: string, cluster: string, options?: ForkOptions): Promise<void> {
    return this.#inner.fork(base, cluster, options);
  }

  forks(base: string): Promise<string[]> {
    return this.#inner.forks(base);
  }

  heads(cluster: string): Promise<ReadonlyMap<string, string>> {
    return this.#inner.heads(cluster);
  }

  size(cluster: string): Promise<Size> {
    return this.#inner.size(cluster);
  }

  async close(): Promise<void> {
    while (this.#waiting.size) await Promise.allSettled(this.#waiting);
    await this.#inner.close();
  }

  /** Passes on without a pause when a data key is there, so that calls keep their order. */
  async #write(key: Key, build: Build, write: (build: Build) => Promise<Stored>): Promise<Stored> {
    const dataKey = this.#keys.take();
    const sealedWith = (found: DataKey) => write((revision) => seal(found, key, build(revision)));
    if (!(dataKey instanceof Promise)) return this.#opened(await sealedWith(dataKey));
    const waiting = dataKey.then(sealedWith);
    this.#waiting.add(waiting);
    try {
      return await this.#opened(await waiting);
    } finally {
      this.#waiting.delete(waiting);
    }
  }

  async *#openedChanges(changes: AsyncIterable<Change | Progress>): AsyncGenerator<Change | Progress> {
    for await (const change of changes)
      yield change.type === 'progress'
        ? change
        : {
            ...change,
            object: await this.#opened(change.object),
            ...(change.previous && { previous: await this.#opened(change.previous) }),
          };
  }

  async #openedOf(read: Promise<Stored | undefined>): Promise<Stored | undefined> {
    const stored = await read;
    return stored && this.#opened(stored);
  }

  async #opened(stored: Stored): Promise<Stored> {
    const { key, value, writtenIn } = stored;
    if (!this.#resources.has(key.resource) || !isSealed(value)) return stored;
    try {
      const header = headerOf(value);
      const dataKey = await this.#keys.opened(header);
      // What a fork has from its base was sealed there.
      const place = writtenIn === undefined ? key : { ...key, cluster: writtenIn };
      const opened = unseal(dataKey, place, value, header);
      this.#keys.adopt(dataKey);
      return withValue(stored, opened);
    } catch (error) {
      throw isReason(error, 'ServiceUnavailable', 'TooManyRequests') ? error : unreadable(key, error);
    }
  }
}

const unreadable = ({ resource, namespace, name }: Key, cause: unknown) =>
  new ApiError(
    'InternalError',
    `the stored value of ${resource} "${namespace}/${name}" cannot be opened: it is damaged, was changed, or was stored under another name`,
    { cause },
  );
