import { separator } from '../../../shared/storage/log/keys.ts';
import { headPlace, numberOf, textOf } from './layout.ts';
import { sharedIn } from './moment.ts';
import type { Table } from './table.ts';

/** Revisions by resource. */
type Known = ReadonlyMap<string, number>;

/**
 * Says which revisions writers have reserved in the resources that are seldom written: all of a logical cluster in one read,
 * where each log would be a read of its own. A writer says so before its transaction, so that whatever has been acknowledged
 * shows; a log that has been read up to such a revision has nothing more to tell.
 */
export class Heads {
  readonly #table: Table;
  readonly #seldom: ReadonlySet<string>;
  /** The read that begins next, by logical cluster, and the one under way. */
  readonly #next = new Map<string, Promise<Known>>();
  readonly #running = new Map<string, Promise<unknown>>();
  /** Counts what this process has said, so that its own writes show at once. */
  #said = 0;

  constructor(table: Table, seldom: readonly string[]) {
    this.#table = table;
    this.#seldom = new Set(seldom);
  }

  isKept(space: string): boolean {
    return this.#seldom.has(split(space).resource);
  }

  /** The newest revision that was reserved by the time of the call, or a later one; 0: none was. */
  async reserved(space: string): Promise<number> {
    const { cluster, resource } = split(space);
    const known = await sharedIn(`${cluster}${separator}${this.#said}`, this.#table.clock, () =>
      this.#read(cluster),
    );
    return known.get(resource) ?? 0;
  }

  /** Before what is reserved is written. */
  async say(space: string, revision: number): Promise<void> {
    if (!this.isKept(space)) return;
    const { cluster, resource } = split(space);
    this.#said++;
    await this.#table.raise(headPlace(cluster, resource), 'reserved', revision);
    this.#said++;
  }

  /** Callers share the next read that begins. */
  #read(cluster: string): Promise<Known> {
    const waiting = this.#next.get(cluster);
    if (waiting) return waiting;
    const before = this.#running.get(cluster) ?? Promise.resolve();
    const next = before.then(() => {
      this.#next.delete(cluster);
      return this.#query(cluster);
    });
    const settled = next.then(
      () => {},
      () => {},
    );
    this.#running.set(cluster, settled);
    void settled.then(() => {
      if (this.#running.get(cluster) === settled) this.#running.delete(cluster);
    });
    this.#next.set(cluster, next);
    return next;
  }

  async #query(cluster: string): Promise<Known> {
    const items = await this.#table.all({ pk: headPlace(cluster, '').pk });
    return new Map(items.map((item) => [textOf(item, 'sk'), numberOf(item, 'reserved')]));
  }
}

function split(space: string): { cluster: string; resource: string } {
  const [cluster = '', resource = ''] = space.split(separator);
  return { cluster, resource };
}
