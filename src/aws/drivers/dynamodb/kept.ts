import { isReason } from '../../../shared/errors/apiError.ts';
import type { Key, Scope, Stored } from '../../../shared/ports/storage.ts';
import { compareItems, itemOf, namespacePrefix, spaceOf } from '../../../shared/storage/log/keys.ts';
import { asOf } from '../../../shared/storage/log/snapshot.ts';
import type { Tail } from './tail.ts';

/** Describes what a scope held at a revision, in key order. Never modified. */
export interface Snapshot {
  revision: number;
  items: readonly [string, Stored][];
  /** Of all values. */
  bytes: number;
}

/** Of all values that a process keeps: a function has 512 MB, and a list is held some four times while it is answered. */
const mostBytes = 32 * 1024 * 1024;
/** With so many changes more than objects, a scan reads less than the log. */
const freeChanges = 500;

/**
 * Lists that this process has read, kept as they were. A snapshot at one revision and the log after it are the list at any
 * later one, so that listing again costs what has changed since, however many objects there are. The log says what is
 * true: nothing here can be stale, and what the log no longer tells is read anew.
 */
export class Kept {
  /** The one used last comes last. */
  readonly #snapshots = new Map<string, Snapshot>();
  #bytes = 0;

  /** The scope, or more, as it is at `revision` or later; undefined when it has to be scanned. */
  async find(scope: Scope, tail: Tail, revision: number): Promise<Snapshot | undefined> {
    const names = [nameOf(scope), nameOf({ ...scope, namespace: undefined })];
    const name = names.find((each) => this.#snapshots.has(each));
    const known = name === undefined ? undefined : this.#snapshots.get(name);
    if (name === undefined || !known || known.revision >= revision) return known;
    const missed = revision - known.revision;
    try {
      if (missed > 2 * known.items.length + freeChanges) return this.#forget(name);
      const next = await advance(known, tail, missed, prefixIn(name));
      this.#keep(name, next);
      return next;
    } catch (error) {
      if (!isReason(error, 'Expired')) throw error;
      return this.#forget(name);
    }
  }

  /** An object as it is in the newest list that is kept of it, however old that is. */
  at(key: Key): Stored | undefined {
    const whole = { cluster: key.cluster, resource: key.resource };
    const [ofNamespace, ofAll] = [{ ...whole, namespace: key.namespace }, whole].map((scope) =>
      this.#snapshots.get(nameOf(scope)),
    );
    const newest = (ofNamespace?.revision ?? 0) > (ofAll?.revision ?? 0) ? ofNamespace : ofAll;
    const found = newest && foundIn(newest.items, itemOf(key));
    // Another fork of the name may have another state under the same revision.
    return found?.writtenIn === undefined ? found : undefined;
  }

  /** Keeps the whole of a scope, unless something newer is there or it is too large. */
  put(scope: Scope, items: readonly [string, Stored][], revision: number): void {
    const bytes = items.reduce((sum, [, stored]) => sum + stored.value.length, 0);
    this.#keep(nameOf(scope), { revision, items, bytes });
  }

  #keep(name: string, snapshot: Snapshot): void {
    const known = this.#snapshots.get(name);
    if (known && known.revision > snapshot.revision) return;
    this.#forget(name);
    if (snapshot.bytes > mostBytes) return;
    this.#snapshots.set(name, snapshot);
    this.#bytes += snapshot.bytes;
    for (const oldest of this.#snapshots.keys()) {
      if (this.#bytes <= mostBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): undefined {
    this.#bytes -= this.#snapshots.get(name)?.bytes ?? 0;
    this.#snapshots.delete(name);
    return undefined;
  }
}

/** The item in a list that is in key order. */
function foundIn(items: Snapshot['items'], item: string): Stored | undefined {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareItems(items[middle]![0], item) < 0) low = middle + 1;
    else high = middle;
  }
  return items[low]?.[0] === item ? items[low]![1] : undefined;
}

/** A namespace cannot be empty where there is one: the whole space has a name of its own. */
const nameOf = ({ namespace, ...space }: Scope | (Omit<Scope, 'namespace'> & { namespace?: undefined })) =>
  JSON.stringify([spaceOf(space), namespace ?? null]);

function prefixIn(name: string): string {
  const [, namespace] = JSON.parse(name) as [string, string | null];
  return namespace === null ? '' : namespacePrefix(namespace);
}

async function advance(known: Snapshot, tail: Tail, count: number, prefix: string): Promise<Snapshot> {
  const states = new Map<string, Stored | undefined>();
  for (const { item, change } of await tail.replay(known.revision, count))
    if (change && item.startsWith(prefix))
      states.set(item, change.type === 'put' ? alone(change.object) : undefined);
  const revision = known.revision + count;
  if (states.size === 0) return { ...known, revision };
  const items = [...asOf(known.items, states)];
  return { revision, items, bytes: items.reduce((sum, [, stored]) => sum + stored.value.length, 0) };
}

/** A change's two states share their bytes: a state that is kept must not hold on to the one before. */
const alone = (stored: Stored): Stored => ({ ...stored, value: new Uint8Array(stored.value) });
