import { separator } from '../../../shared/storage/log/keys.ts';
import { counterPlace, type Item, numberOf, resourcePlace, textOf } from './layout.ts';
import { isOfMoment, sharedIn } from './moment.ts';
import { type Counter, counterOf, type Table, uncounted } from './table.ts';

/** Counters by resource; undefined where that says nothing. */
type Known = ReadonlyMap<string, Counter | undefined>;

/** No invocation of an earlier release outlasts this, so that nobody counts where the counter was before. */
const movingMs = 15 * 60_000;

/**
 * Says which revisions writers have reserved: in all resources of a logical cluster by one read, where each log would be a
 * read of its own. A writer reserves before its transaction, so that whatever has been acknowledged shows; a log that has
 * been read up to such a revision has nothing more to tell.
 */
export class Heads {
  readonly #table: Table;
  readonly #seldom: ReadonlySet<string>;
  /** The read that begins next, by logical cluster, and the one under way. */
  readonly #next = new Map<string, Promise<Known>>();
  readonly #running = new Map<string, Promise<unknown>>();
  /** Resources that had been written when this process came, by logical cluster. */
  readonly #written = new Map<string, Promise<ReadonlySet<string>>>();
  /** Those of them that are known. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(table: Table, seldom: readonly string[]) {
    this.#table = table;
    this.#seldom = new Set(seldom);
  }

  /**
   * Whether to look here before the log: where that mostly has nothing new, or where several resources are looked at in one
   * moment.
   */
  isAsked(space: string): boolean {
    return this.isSeldomWritten(space) || isOfMoment();
  }

  isSeldomWritten(space: string): boolean {
    return this.#seldom.has(split(space).resource);
  }

  /**
   * The counter as it was at the time of the call, or of its moment, or later. Undefined: the log has to be asked.
   */
  async counter(space: string): Promise<Counter | undefined> {
    const { cluster, resource } = split(space);
    const known = await sharedIn(cluster, this.#table.clock, () => this.#read(cluster));
    if (known.has(resource)) return known.get(resource);
    // An earlier release counted elsewhere, and nobody has written since.
    return (await this.#writtenIn(cluster)).has(resource) ? undefined : uncounted;
  }

  /** True where this process knows that nobody had written the resource when it came: no earlier release has. */
  isNew(space: string): boolean {
    const { cluster, resource } = split(space);
    return this.#known.get(cluster)?.has(resource) === false;
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
    const { pk } = counterPlace(`${cluster}${separator}`);
    const items = await this.#table.all({ pk });
    return new Map(items.map((item) => [textOf(item, 'sk'), this.#counterIn(item)]));
  }

  #counterIn(item: Item): Counter | undefined {
    const isMoving = this.#table.clock.now() - numberOf(item, 'moved') < movingMs;
    return isMoving ? undefined : counterOf(item);
  }

  #writtenIn(cluster: string): Promise<ReadonlySet<string>> {
    const known = this.#written.get(cluster);
    if (known) return known;
    const found = this.#queryWritten(cluster);
    this.#written.set(cluster, found);
    found.catch(() => this.#written.delete(cluster));
    return found;
  }

  async #queryWritten(cluster: string): Promise<ReadonlySet<string>> {
    const items = await this.#table.all({ pk: resourcePlace(cluster, '').pk });
    const written = new Set(items.map((item) => textOf(item, 'sk')));
    this.#known.set(cluster, written);
    return written;
  }
}

function split(space: string): { cluster: string; resource: string } {
  const [cluster = '', resource = ''] = space.split(separator);
  return { cluster, resource };
}
