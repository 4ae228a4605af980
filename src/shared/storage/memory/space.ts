import type { Change, Stored } from '../../ports/storage.ts';
import { tooOld } from '../log/errors.ts';
import { inherited } from '../log/inherited.ts';
import { compareItems, itemOf, namespacePrefix } from '../log/keys.ts';
import { mayForget, type Retention } from '../log/retention.ts';
import type { Rewound } from '../log/snapshot.ts';

/** One (cluster, resource): its objects in key order, and its log. */
export class Space {
  head: number;
  /** Says where it began. */
  readonly start: number;
  /** It began with what a base had. */
  isInherited = false;
  /** The log holds the changes after this revision. */
  floor: number;
  readonly objects = new Map<string, Stored>();
  readonly #sorted: string[] = [];
  readonly #owned = new Map<string, Set<string>>();
  /** A revision that was taken with no change has none. */
  #log: { change?: Change; at: number }[] = [];

  constructor(head: number) {
    this.head = head;
    this.start = head;
    this.floor = head;
  }

  apply(change: Change, at: number): void {
    const { object, previous, type } = change;
    const item = itemOf(object.key);
    this.head = Number(object.revision);
    this.#log.push({ change, at });
    for (const owner of previous?.index.owners ?? []) this.#owned.get(owner)?.delete(item);
    if (type === 'delete') {
      this.objects.delete(item);
      this.#sorted.splice(this.#position(item), 1);
      return;
    }
    this.objects.set(item, object);
    if (!previous) this.#sorted.splice(this.#position(item), 0, item);
    for (const owner of object.index.owners ?? [])
      this.#owned.set(owner, (this.#owned.get(owner) ?? new Set()).add(item));
  }

  /** Takes the next revision with no change, if the newest was taken by `before` and there ever was one. */
  advance(before: number, at: number): void {
    if (this.head === this.start && !this.isInherited) return;
    if ((this.#log.at(-1)?.at ?? Number.NEGATIVE_INFINITY) > before) return;
    this.head++;
    this.#log.push({ at });
  }

  /** The same objects for another cluster, whose log begins here, or at `least` if that is later. */
  fork(cluster: string, least: number): Space {
    const fork = new Space(Math.max(this.head, least));
    fork.isInherited = true;
    for (const item of this.#sorted) {
      fork.objects.set(item, inherited(this.objects.get(item)!, cluster));
      fork.#sorted.push(item);
    }
    for (const [owner, items] of this.#owned) fork.#owned.set(owner, new Set(items));
    return fork;
  }

  /** Objects of a namespace (absent: all) and owner (absent: any) in key order, after the item `after`. */
  *current(namespace?: string, owner?: string, after = ''): Generator<[string, Stored]> {
    const prefix = namespace === undefined ? '' : namespacePrefix(namespace);
    const items = owner === undefined ? this.#sorted : [...(this.#owned.get(owner) ?? [])].sort(compareItems);
    const from = owner === undefined ? this.#position(compareItems(after, prefix) > 0 ? after : prefix) : 0;
    for (let i = from; i < items.length; i++) {
      const item = items[i]!;
      if (after && compareItems(item, after) <= 0) continue;
      if (!item.startsWith(prefix)) {
        if (owner === undefined) return;
        continue;
      }
      yield [item, this.objects.get(item)!];
    }
  }

  /** Returns what changed after `revision` as it was then. Throws Expired. */
  rewind(revision: number): Rewound<Stored> {
    const past = new Map<string, Stored | undefined>();
    for (const { object, previous } of this.read(revision, Number.POSITIVE_INFINITY)) {
      const item = itemOf(object.key);
      if (!past.has(item)) past.set(item, previous);
    }
    return past;
  }

  read(after: number, limit: number): Change[] {
    if (after < this.floor) throw tooOld(after, this.floor);
    const changes: Change[] = [];
    for (let i = after - this.floor; i < this.#log.length && changes.length < limit; i++) {
      const { change } = this.#log[i]!;
      if (change) changes.push(change);
    }
    return changes;
  }

  /** Forgets what the retention no longer asks for. */
  compact(retention: Retention, now: number): void {
    let gone = 0;
    while (gone < this.#log.length && mayForget(retention, this.#log.length - gone, this.#log[gone]!.at, now))
      gone++;
    if (!gone) return;
    this.#log = this.#log.slice(gone);
    this.floor += gone;
  }

  /** Returns where `item` is, or belongs, in the sorted list. */
  #position(item: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareItems(this.#sorted[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
