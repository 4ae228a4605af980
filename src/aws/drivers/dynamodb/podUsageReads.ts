import { separator } from '../../../shared/storage/log/keys.ts';
import { type Item, textOf, usagePlace } from './layout.ts';
import type { Table } from './table.ts';

interface Wanted {
  sk: string;
  found(item: Item | undefined): void;
  failed(error: unknown): void;
}

/**
 * Reads items of Pods, those that are asked for in one turn together: one by its key, those of a namespace by one query,
 * those of several by one over the logical cluster. Who lists the measurements of Pods asks for each of them.
 */
export function gatheredReads(table: Table): (cluster: string, sk: string) => Promise<Item | undefined> {
  const waiting = new Map<string, Wanted[]>();

  async function readAll(cluster: string): Promise<void> {
    const wanted = waiting.get(cluster) ?? [];
    waiting.delete(cluster);
    try {
      const items = await itemsOf(table, cluster, [...new Set(wanted.map(({ sk }) => sk))]);
      for (const { sk, found } of wanted) found(items.get(sk));
    } catch (error) {
      for (const { failed } of wanted) failed(error);
    }
  }

  return (cluster, sk) =>
    new Promise((found, failed) => {
      const others = waiting.get(cluster);
      if (others) return others.push({ sk, found, failed });
      waiting.set(cluster, [{ sk, found, failed }]);
      setImmediate(() => readAll(cluster));
    });
}

async function itemsOf(table: Table, cluster: string, keys: string[]): Promise<Map<string, Item>> {
  const { pk } = usagePlace(cluster, '', '');
  const [only = '', ...others] = keys;
  const namespaces = new Set(keys.map((sk) => sk.slice(0, sk.indexOf(separator) + 1)));
  const [prefix = ''] = namespaces;
  const found =
    others.length === 0
      ? [await table.get({ pk, sk: only })]
      : await table.all({ pk, ...(namespaces.size === 1 && { prefix }) });
  return new Map(found.flatMap((item) => (item ? [[textOf(item, 'sk'), item]] : [])));
}
