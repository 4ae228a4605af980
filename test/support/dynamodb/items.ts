import { compareItems } from '../../../src/shared/storage/log/keys.ts';
import { type Item, validation } from './expressions.ts';
import type { KeyRange } from './keyRange.ts';

const maxItem = 400 * 1_024;
const maxKey = { pk: 2_048, sk: 1_024 };

/** The items of one table, sorted within their partitions; those whose TTL has passed go when it is swept. */
export class Items {
  readonly #partitions = new Map<string, { keys: string[]; items: Map<string, Item> }>();

  get(key: Item): Item | undefined {
    return this.#partitions.get(textOf(key, 'pk'))?.items.get(textOf(key, 'sk'));
  }

  put(item: Item): void {
    if (sizeOf(item) > maxItem) throw validation('Item size has exceeded the maximum allowed size');
    const pk = textOf(item, 'pk');
    const sk = textOf(item, 'sk');
    const partition = this.#partitions.get(pk) ?? { keys: [], items: new Map() };
    this.#partitions.set(pk, partition);
    if (!partition.items.has(sk)) partition.keys.splice(position(partition.keys, sk), 0, sk);
    // Shared with whoever reads it, so nobody may change it.
    partition.items.set(sk, Object.freeze(item));
  }

  delete(key: Item): void {
    const partition = this.#partitions.get(textOf(key, 'pk'));
    const sk = textOf(key, 'sk');
    if (partition?.items.delete(sk)) partition.keys.splice(position(partition.keys, sk), 1);
  }

  /** The items of a whole partition, in order. */
  partition(pk: string): Item[] {
    return [...this.within({ pk, low: '', fits: () => true }, false)];
  }

  /** The items of a range behind `start`, in the direction asked. */
  *within({ pk, low, fits }: KeyRange, descending: boolean, start?: string): Generator<Item> {
    const partition = this.#partitions.get(pk);
    if (!partition) return;
    const { keys, items } = partition;
    let first = position(keys, low);
    let end = firstWhere(keys, (sk) => !fits(sk), first);
    if (start !== undefined && descending) end = Math.min(end, position(keys, start));
    else if (start !== undefined)
      first = Math.max(
        first,
        firstWhere(keys, (sk) => compareItems(sk, start) > 0),
      );
    for (let i = first; i < end; i++) yield items.get(keys[descending ? first + end - 1 - i : i]!)!;
  }

  /** Removes what expired before `now` (milliseconds): `gone` decides for each, since AWS takes its time. */
  sweep(now: number, gone: () => boolean = () => true): void {
    for (const { items } of [...this.#partitions.values()])
      for (const item of [...items.values()])
        if (item.expires && Number(item.expires.N) * 1_000 <= now && gone()) this.delete(item);
  }

  all(): Item[] {
    return [...this.#partitions.values()].flatMap(({ items }) => [...items.values()]);
  }
}

export const textOf = (item: Item, name: 'pk' | 'sk'): string => {
  const value = item[name]?.S;
  if (!value) throw validation(`the key attribute ${name} is missing or empty`);
  return checkedKey(name, value);
};

export function checkedKey(name: 'pk' | 'sk', value: string): string {
  if (Buffer.byteLength(value) > maxKey[name]) throw validation(`the key attribute ${name} is too long`);
  return value;
}

/** Names and values, as AWS counts them (numbers roughly). */
export function sizeOf(item: Item): number {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  let size = 0;
  for (const name in item) {
    const { N, B, S = '' } = item[name]!;
    size += name.length + ((N ?? B)?.length ?? Buffer.byteLength(S));
  }
  if (Object.isFrozen(item)) sizes.set(item, size);
  return size;
}

/** Of items in a table, which nobody changes. */
const sizes = new WeakMap<Item, number>();

/** Where a key is, or would be. */
const position = (keys: string[], key: string): number =>
  firstWhere(keys, (sk) => compareItems(sk, key) >= 0);

/** The first place from `low` on of which `holds` is true, as it is of all that follow. */
function firstWhere(keys: string[], holds: (key: string) => boolean, low = 0): number {
  let from = low;
  let to = keys.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(keys[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}
