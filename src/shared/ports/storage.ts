import type { Soon } from '../meta/soon.ts';

/**
 * Ordered, revisioned objects under the API, with a gapless change log. Drivers pass test/contract/storage.ts.
 *
 * Revisions are decimal strings from one counter per (cluster, resource), starting at 1 for the empty resource;
 * every write takes the next one, and one that is refused may spend one. Callers compare them only within one (cluster, resource).
 */
export interface Storage {
  /**
   * Writes a new key; durable when it resolves. Throws ClaimsHeld, also when it is the object there that holds them,
   * else AlreadyExists; then nothing changed.
   */
  create(key: Key, build: Build, index?: Index): Promise<Stored>;

  /** The object as last acknowledged. */
  get(key: Key): Promise<Stored | undefined>;

  /**
   * The object under this revision, where this process has it at hand; it may have been replaced since. For writers that say
   * which revision they replace: the write tells whether it was the newest. Absent where reading costs next to nothing.
   */
  seen?(key: Key, revision: string): Stored | undefined;

  /**
   * Objects in key order (namespace, then name, by UTF-8 bytes), all as they stood at `revision`.
   * A cursor continues the same snapshot. Throws Expired when the log no longer reaches back to it.
   */
  list(scope: Scope, page?: Page): Promise<Listing>;

  /**
   * Keys of all objects of a logical cluster that have this owner UID, of whatever resource, by resource, namespace and
   * name. Strongly consistent: every acknowledged write shows.
   */
  owned(cluster: string, owner: string): Promise<Key[]>;

  /** Every value that objects of the resource claim, in whatever logical cluster, with its holder. Strongly consistent. */
  claims(resource: string): Promise<ReadonlyMap<string, Key>>;

  /** Replaces the value when the stored revision is still `expected`. Throws Conflict, NotFound, else ClaimsHeld. */
  update(key: Key, expected: string, build: Build, index?: Index): Promise<Stored>;

  /** Removes the key when its revision is still `expected`; `last` is the final state that watchers are told. */
  delete(key: Key, expected: string, last: Build): Promise<Stored>;

  /**
   * Every change after `since` in the scope, in order, none missing, none twice, until `signal` aborts (the iteration
   * then ends without error). `progress` says that everything up to its revision has been delivered: it comes once
   * when the watch has caught up, and then at least every minute while quiet. Throws Expired when the log no
   * longer reaches back to `since`, or later when the consumer fell too far behind.
   */
  watch(scope: WatchScope, since: string, signal: AbortSignal): AsyncIterable<Change | Progress>;

  /** Says that `head` answers at once, so that what was read before can be checked for nothing. Absent where it reads. */
  readonly knowsHeads?: boolean;

  /** The newest acknowledged revision of the resource; at once where the driver need not ask anybody. */
  head(cluster: string, resource: string): Soon<string>;

  /**
   * Takes the next revision with no change, unless the newest was taken within `quietMs` or none ever was: what is read
   * from then on can be told from what was read before. Watches hear of it as progress. Resolves with the newest revision.
   */
  advance(cluster: string, resource: string, quietMs: number): Promise<string>;

  /**
   * Removes a logical cluster with its log; watches on it end with Expired. Throws Conflict, with nothing changed, while
   * other clusters are forks of it.
   */
  drop(cluster: string): Promise<void>;

  /**
   * Makes `cluster` begin as `base` is now, whatever that writes later, at the cost of a few writes and not of a copy. The
   * fork goes on from the revisions of its base; its log begins here. It claims nothing: objects that it has from its
   * base say so by `writtenIn`, and their index has no claims. Does nothing when `cluster` is a fork of `base` already.
   * Watches on it end with Expired. Throws Conflict when it holds anything else or has forks, MethodNotAllowed where the driver cannot do it.
   */
  fork(base: string, cluster: string, options?: ForkOptions): Promise<void>;

  /** Names of the forks that a logical cluster has, sorted. */
  forks(base: string): Promise<string[]>;

  /** By resource: the newest revision of all that a logical cluster wrote itself. */
  heads(cluster: string): Promise<ReadonlyMap<string, string>>;

  /** Counts what a logical cluster shows, and the bytes that it takes up itself, what it has from its base left out. */
  size(cluster: string): Promise<Size>;

  /** Ends watches, waits for writes under way, releases files. */
  close(): Promise<void>;
}

/** Makes the stored bytes once the revision is known. Pure, synchronous, called at least once. */
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

/** Hot metadata kept beside the bytes, so that selectors and owners need no parsing. */
export interface Index {
  labels?: Record<string, string>;
  /** Values of selectable fields other than metadata.name and metadata.namespace. */
  fields?: Record<string, string>;
  /** UIDs of owner references. */
  owners?: string[];
  /**
   * Values that at most one object of the resource holds, whatever its logical cluster: written and checked in one
   * with the object, held until a write without them, a deletion or a drop.
   */
  claims?: string[];
}

/** An object as storage holds it. It never changes once it has been handed out. */
export interface Stored {
  key: Key;
  revision: string;
  /** JSON as a GET answers it, with the revision inside. Never modified in place. */
  value: Uint8Array;
  index: Index;
  /** The logical cluster that wrote it, when a fork has it from there. */
  writtenIn?: string | undefined;
}

/** Describes what a fork does not take over. */
export interface ForkOptions {
  /** Resources of which the fork begins with nothing. */
  without?: readonly string[];
}

/** Describes how much a logical cluster holds. */
export interface Size {
  /** Objects that its lists show. */
  objects: number;
  /** Bytes, as they are kept, of the values that it wrote itself and shows. */
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

/** Describes which part of a list is wanted. */
export interface Page {
  /** At most this many items; 0 or absent: all. */
  limit?: number;
  /** From an earlier Listing of the same scope. */
  cursor?: string;
  /** Only objects after this one in key order, whether or not it is there. Not together with cursor. */
  after?: Pick<Key, 'namespace' | 'name'>;
  /** The past at exactly this revision; Expired when compacted. Not together with cursor. */
  at?: string;
}

/** A part of a list, as of one revision. */
export interface Listing {
  items: Stored[];
  revision: string;
  /** Opaque, absent on the last page. */
  cursor?: string;
  /** Says how many items are left after this page, when a cursor is given. */
  remaining?: number;
}

/** One write, as watches tell of it in the order of revisions. */
export interface Change {
  type: 'put' | 'delete';
  /** The new state; for a delete the final state, with the revision of the deletion. */
  object: Stored;
  /** The state before; absent for a creation. */
  previous?: Stored;
  /** When it was written, in milliseconds since the epoch: of a watch every change says it, live or from the log. */
  at?: number;
}

/** Says that a watch has told everything up to this revision. */
export interface Progress {
  type: 'progress';
  revision: string;
}
