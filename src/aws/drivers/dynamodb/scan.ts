import type { Scope, Stored } from '../../../shared/ports/storage.ts';
import { compareItems, itemOf, keyOf, namespacePrefix, spaceOf } from '../../../shared/storage/log/keys.ts';
import { type Item, keyAttributes, numberOf, objectPlace, ownerPlace, textOf } from './layout.ts';
import { isGone } from './records.ts';
import type { Table } from './table.ts';

const readsAtOnce = 25;

/** Reads the objects of a scope in key order, as far as asked. Each is read consistently, all together are not. */
export class Scan {
  readonly seen = new Map<string, Stored>();
  /** The newest revision seen. */
  newest = 0;
  /** The last key that was looked at; undefined: nothing is left. */
  end: string | undefined = '';
  readonly #table: Table;
  readonly #space: string;
  readonly #prefix: string;
  readonly #owner: string | undefined;
  #start: Item | undefined;

  constructor(table: Table, scope: Scope, after?: string) {
    this.#table = table;
    this.#space = spaceOf(scope);
    this.#owner = scope.owner;
    this.#prefix = scope.namespace === undefined ? '' : namespacePrefix(scope.namespace);
    if (after === undefined || compareItems(after, this.#prefix) <= 0) return;
    if (after.startsWith(this.#prefix)) this.#start = keyAttributes(this.#place(after));
    else this.end = undefined;
  }

  /** Reads until `count` more objects were seen, or all. */
  async more(count: number): Promise<void> {
    const until = this.seen.size + count;
    while (this.end !== undefined && this.seen.size < until) {
      const limit = Number.isFinite(count) ? { limit: count } : {};
      const { pk, sk: prefix } = this.#place(this.#prefix);
      const range = { pk, ...(prefix && { prefix }), ...limit };
      const { items, next } = await this.#table.page(range, this.#start);
      await this.#take(items);
      this.#start = next;
      this.end = next && this.#itemIn(next);
    }
  }

  async #take(items: Item[]): Promise<void> {
    for (let at = 0; at < items.length; at += readsAtOnce)
      await this.#takeSome(items.slice(at, at + readsAtOnce));
  }

  async #takeSome(items: Item[]): Promise<void> {
    const objects = await Promise.all(items.map((item) => this.#object(item)));
    for (const object of objects) {
      if (!object) continue;
      this.newest = Math.max(this.newest, Number(object.revision));
      if (this.#owner === undefined || object.index.owners?.includes(this.#owner))
        this.seen.set(itemOf(object.key), object);
    }
  }

  /** Undefined when it changed while it was read: the log has it then. */
  async #object(item: Item): Promise<Stored | undefined> {
    if (isGone(item)) return undefined;
    if (this.#owner !== undefined) return this.#table.object(keyOf(this.#space, this.#itemIn(item)));
    this.newest = Math.max(this.newest, numberOf(item, 'revision'));
    return this.#table.withValue(this.#space, item);
  }

  #place(item: string) {
    return this.#owner === undefined
      ? objectPlace(this.#space, item)
      : ownerPlace(this.#space, this.#owner, item);
  }

  #itemIn(found: Item): string {
    return textOf(found, 'sk').slice(this.#place('').sk.length);
  }
}
