import type { Scope, Stored } from '../../../../shared/ports/storage.ts';
import { compareItems, namespacePrefix, spaceOf } from '../../../../shared/storage/log/keys.ts';
import { objectPlace, textOf } from '../layout.ts';
import { isGone, revisionIn } from '../records.ts';
import type { Table } from '../table.ts';
import type { Layered } from './layered.ts';
import type { Fork } from './record.ts';

interface Sources {
  table: Table;
  layered: Layered;
  fork: Fork;
}

/** Reads all that a fork shows of a scope, its own and what it has from its base, in key order. Used in the place of a Scan. */
export class LayeredScan {
  readonly seen = new Map<string, Stored>();
  /** The newest revision seen of what the fork wrote. */
  newest = 0;
  /** Nothing is left once it has read. */
  end: string | undefined = '';
  readonly #sources: Sources;
  readonly #scope: Scope;
  readonly #after: string | undefined;

  constructor(sources: Sources, scope: Scope, after?: string) {
    this.#sources = sources;
    this.#scope = scope;
    this.#after = after;
  }

  /** Reads everything, whatever is asked. */
  async more(): Promise<void> {
    const { layered, fork } = this.#sources;
    // What is written in between is in the log.
    const found = await layered.all(fork, this.#scope);
    for (const [item, stored] of await this.#own())
      if (stored) found.set(item, stored);
      else found.delete(item);
    const { owner } = this.#scope;
    for (const [item, stored] of [...found].sort(([a], [b]) => compareItems(a, b)))
      if (this.#isAfter(item) && (owner === undefined || stored.index.owners?.includes(owner)))
        this.seen.set(item, stored);
    this.end = undefined;
  }

  /** Undefined: deleted, or replaced while it was read, of which the log tells. */
  async #own(): Promise<[string, Stored | undefined][]> {
    const { table } = this.#sources;
    const space = spaceOf(this.#scope);
    const { namespace } = this.#scope;
    const prefix = namespace === undefined ? undefined : namespacePrefix(namespace);
    const items = await table.all({ pk: objectPlace(space, '').pk, ...(prefix && { prefix }) });
    return Promise.all(
      items.map(async (item): Promise<[string, Stored | undefined]> => {
        this.newest = Math.max(this.newest, revisionIn(item));
        return [textOf(item, 'sk'), isGone(item) ? undefined : await table.withValue(space, item)];
      }),
    );
  }

  #isAfter(item: string): boolean {
    return this.#after === undefined || compareItems(item, this.#after) > 0;
  }
}
