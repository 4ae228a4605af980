import type { Key, Stored } from '../../../../shared/ports/storage.ts';
import { compareItems, parseKeyText, separator, spaceOf } from '../../../../shared/storage/log/keys.ts';
import { formerPlace, ownerPlace, textOf } from '../layout.ts';
import type { Table } from '../table.ts';
import type { Fork } from './record.ts';

/** Keys of what a cluster itself has recorded to have an owner. */
export async function ownOwned(table: Table, cluster: string, owner: string): Promise<Key[]> {
  const { pk } = ownerPlace(spaceOf({ cluster, resource: '' }), owner, '');
  const entries = await table.all({ pk });
  return entries.map((entry) => parseKeyText(`${cluster}${separator}${textOf(entry, 'sk')}`));
}

/** What a fork shows of an owner: candidates of all its layers, of which those count that have the owner as `read` finds them. */
export async function ownedInFork(
  table: Table,
  fork: Fork,
  owner: string,
  read: (key: Key) => Promise<Stored | undefined>,
): Promise<Key[]> {
  const layers = [...fork.layers].flatMap(([resource, all]) =>
    all.map(({ cluster }) => ({ cluster, resource })),
  );
  const shown = new Set(layers.map(spaceOf));
  const clusters = [...new Set(layers.map(({ cluster }) => cluster))];
  const found = [ownOwned(table, fork.cluster, owner)];
  for (const cluster of clusters)
    found.push(ownOwned(table, cluster, owner), formerOwned(table, cluster, owner));
  const candidates = new Map<string, Key>();
  for (const key of (await Promise.all(found)).flat()) {
    if (key.cluster !== fork.cluster && !shown.has(spaceOf(key))) continue;
    const name = [key.resource, key.namespace, key.name].join(separator);
    candidates.set(name, { ...key, cluster: fork.cluster });
  }
  const sorted = [...candidates].sort(([a], [b]) => compareItems(a, b)).map(([, key]) => key);
  const states = await Promise.all(sorted.map(read));
  return sorted.filter((_, i) => states[i]?.index.owners?.includes(owner));
}

/** What had the owner when it was noted. An entry comes before the note, so none is missed. */
async function formerOwned(table: Table, cluster: string, owner: string): Promise<Key[]> {
  const { pk } = formerPlace(spaceOf({ cluster, resource: '' }), '', '', 0);
  const entries = await table.all({ pk, prefix: `${owner}${separator}` });
  return entries.map((entry) => {
    const [, resource = '', namespace = '', name = ''] = textOf(entry, 'sk').split(separator);
    return { cluster, resource, namespace, name };
  });
}
