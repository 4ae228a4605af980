import type { Soon } from '../meta/soon.ts';

/**
 * Keeps the objects of the API, ordered and with revisions, and a change log without gaps. Drivers pass
 * test/contract/storage.ts.
 *
 * Revisions are decimal strings from one counter per (cluster, resource), starting at 1 for the empty resource;
 * every write takes the next one, and a refused write may use one up. Callers compare them only within one (cluster, resource).
 */
export interface Storage {
  /**
   * Writes a new key. The write is durable when the promise resolves. Throws ClaimsHeld when another object, or the existing
   * object of this key, holds a claimed value, else AlreadyExists; then nothing changed.
   */
  create(key: Key, build: Build, index?: Index): Promise<Stored>;

  /** Returns the object as last acknowledged; undefined when there is none. */
  get(key: Key): Promise<Stored | undefined>;

  /**
   * Returns the object with this revision if this process has it in memory; it may have been replaced since. It is for writers
   * that say which revision they replace, since the write checks it. Absent where reading is almost free.
   */
  seen?(key: Key, revision: string): Stored | undefined;

  /**
   * Returns objects in key order (namespace, then name, by UTF-8 bytes), all as of `revision`. A cursor continues the same
   * snapshot. Throws Expired when the log no longer reaches back to it.
   */
  list(scope: Scope, page?: Page): Promise<Listing>;

  /**
   * Returns the keys of all objects of a logical cluster with this owner UID, in the order of resource, namespace and name.
   * Strongly consistent: it includes every acknowledged write.
   */
  owned(cluster: string, owner: string): Promise<Key[]>;

  /** Returns every value that objects of the resource claim, in all logical clusters, with its holder. Strongly consistent. */
  claims(resource: string): Promise<ReadonlyMap<string, Key>>;

  /** Replaces the value when the stored revision is still `expected`. Throws Conflict, NotFound, else ClaimsHeld. */
  update(key: Key, expected: string, build: Build, index?: Index): Promise<Stored>;

  /** Removes the key when its revision is still `expected`; watchers get `last` as the final state. Throws Conflict or NotFound. */
  delete(key: Key, expected: string, last: Build): Promise<Stored>;

  /**
   * Yields every change after `since` in the scope, in order and exactly once, until `signal` aborts (the iteration then ends
   * without error). `progress` says that everything up to its revision has been delivered: it comes once when the watch
   * has caught up, and then at least every minute without changes. Throws Expired when the log no
   * longer reaches back to `since`, or later when the consumer fell too far behind.
   */
  watch(scope: WatchScope, since: string, signal: AbortSignal): AsyncIterable<Change | Progress>;

  /** True when `head` answers from memory, so that a cached read can be checked at no cost. Absent where it has to read. */
  readonly knowsHeads?: boolean;

  /** Returns the newest acknowledged revision of the resource; synchronously where the driver knows it. */
  head(cluster: string, resource: string): Soon<string>;

  /**
   * Takes the next revision without a change, unless the newest one is younger than `quietMs` or there is none, so that later
   * reads can be told from earlier ones. Watches report it as progress. Resolves with the newest revision.
   */
  advance(cluster: string, resource: string, quietMs: number): Promise<string>;

  /**
   * Removes a logical cluster with its log; watches on it end with Expired. Throws Conflict, with nothing changed, while
   * other clusters are forks of it.
   */
  drop(cluster: string): Promise<void>;

  /**
   * Makes `cluster` a fork of `base` as it is now, with a few writes and no copy; later writes to one do not show in the other.
   * The fork continues the revisions of its base; its log begins here. Objects from the base have `writtenIn`, and no
   * claims in their index. Does nothing when `cluster` is a fork of `base` already. Watches on it end with Expired. Throws
   * Conflict when it holds other objects or has forks, and MethodNotAllowed where the driver has no forks.
   */
  fork(base: string, cluster: string, options?: ForkOptions): Promise<void>;

  /** Returns the names of the forks of a logical cluster, sorted. */
  forks(base: string): Promise<string[]>;

  /** Returns the newest revision of each resource that a logical cluster wrote itself. */
  heads(cluster: string): Promise<ReadonlyMap<string, string>>;

  /** Returns the number of objects of a logical cluster, and the bytes that it stores itself, without those of its base. */
  size(cluster: string): Promise<Size>;

  /** Ends watches, waits for writes that are under way, and closes files. */
  close(): Promise<void>;
}

/** Makes the stored bytes for a revision. It is pure and synchronous, and is called at least once. */
export type Build = (revision: string) => Uint8Array;

/** Names one object. */
export interface Key {
  /** Logical cluster, `default` for the root path. */
  cluster: string;
  /** `pods`, `deployments.apps`: plural, then the group if there is one. */
  resource: string;
  /** Empty for cluster-scoped resources. */
  namespace: string;
  name: string;
}

/** Metadata that is stored beside the bytes, so that selectors and owners need no parsing. */
export interface Index {
  labels?: Record<string, string>;
  /** Values of selectable fields other than metadata.name and metadata.namespace. */
  fields?: Record<string, string>;
  /** UIDs of owner references. */
  owners?: string[];
  /**
   * Values that at most one object of the resource holds, in all logical clusters. They are checked and written in the same
   * transaction as the object, and held until a write without them, a deletion or a drop.
   */
  claims?: string[];
}

/** An object as storage holds it. It never changes once it has been handed out. */
export interface Stored {
  key: Key;
  revision: string;
  /** The JSON that a GET answers, with the revision in it. It is never modified in place. */
  value: Uint8Array;
  index: Index;
  /** The base that wrote it, when a fork inherited it. */
  writtenIn?: string | undefined;
}

/** Describes what a fork does not inherit. */
export interface ForkOptions {
  /** Resources of which the fork inherits no objects. */
  without?: readonly string[];
}

/** Describes how much a logical cluster holds. */
export interface Size {
  /** Objects that its lists show. */
  objects: number;
  /** Stored bytes of the current values that it wrote itself. */
  bytes: number;
}

/** The objects that a watch follows. */
export interface WatchScope {
  cluster: string;
  resource: string;
  /** All namespaces when absent. */
  namespace?: string;
}

/** The objects that a list is about. */
export interface Scope extends WatchScope {
  /** Only objects with this owner UID; strongly consistent. */
  owner?: string;
}

/** Selects a part of a list. */
export interface Page {
  /** At most this many items; 0 or absent: all. */
  limit?: number;
  /** From an earlier Listing of the same scope. */
  cursor?: string;
  /** Only objects after this one in key order, whether or not it is there. Not together with cursor. */
  after?: Pick<Key, 'namespace' | 'name'>;
  /** The list as of exactly this revision; Expired when it is compacted. Not together with cursor. */
  at?: string;
}

/** A part of a list, as of one revision. */
export interface Listing {
  items: Stored[];
  revision: string;
  /** Opaque, absent on the last page. */
  cursor?: string;
  /** The number of items after this page, when there is a cursor. */
  remaining?: number;
}

/** One write, as watches deliver it in the order of revisions. */
export interface Change {
  type: 'put' | 'delete';
  /** The new state; for a delete the final state, with the revision of the deletion. */
  object: Stored;
  /** The state before; absent for a creation. */
  previous?: Stored;
  /** When it was written, in milliseconds since the epoch. Every change of a watch has it. */
  at?: number;
}

/** Says that a watch has delivered everything up to this revision. */
export interface Progress {
  type: 'progress';
  revision: string;
}
