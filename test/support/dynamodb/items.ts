import { compareItems } from '../../../src/shared/storage/log/keys.ts';
import { bytesOf, type Item, validation } from './expressions.ts';

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

  /** The items of a partition behind `start`, in the direction asked. */
  *from(pk: string, descending: boolean, start?: string): Generator<Item> {
    const { keys, items } = this.#partitions.get(pk) ?? { keys: [], items: new Map<string, Item>() };
    const ordered = descending ? [...keys].reverse() : [...keys];
    for (const sk of ordered) {
      if (start !== undefined && compareItems(sk, start) * (descending ? -1 : 1) <= 0) continue;
      yield items.get(sk)!;
    }
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
export const sizeOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + (value.N?.length ?? bytesOf(value).length),
    0,
  );

function position(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareItems(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
