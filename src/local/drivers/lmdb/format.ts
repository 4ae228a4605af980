import { separator } from '../../../shared/storage/log/keys.ts';
import { commit } from './commit.ts';
import { badFolder } from './environment.ts';
import { ownerKey } from './ranges.ts';
import type { Tables } from './tables.ts';

/** The layout that this code reads and writes. */
export const formatVersion = 4;

/** Turns a folder of version n into n + 1, by puts and removes in the transaction that also records the new version. */
export type Migration = (tables: Tables) => void;

/** By the version they start from. */
const migrations: ReadonlyMap<number, Migration> = new Map([
  [1, ownersOverAllResources],
  // Format 3 may have forks, which earlier versions would show empty; nothing of what was there changes.
  [2, () => {}],
  // Format 4 may have revisions with no change, which earlier versions would take for objects without a name.
  [3, () => {}],
]);

/** Brings the folder to this version. Throws, and changes nothing, when it is newer or not ours. */
export async function ensureFormat(
  dir: string,
  tables: Tables,
  steps: ReadonlyMap<number, Migration> = migrations,
  target = formatVersion,
): Promise<void> {
  const found = tables.format.get('version');
  if (found === undefined) {
    if (tables.spaces.getKeysCount({ limit: 1 }) > 0)
      throw badFolder(dir, 'it has data but no format version');
    await tables.format.put('version', target);
    return;
  }
  if (found > target)
    throw new Error(
      `the data folder ${dir} has format ${found}, newer than this version's ${target}: use a newer version of shallop`,
    );
  for (let version = found; version < target; version++) {
    const step = steps.get(version);
    if (!step) throw badFolder(dir, `no migration leads from its format ${version} to ${target}`);
    await commit(tables.root, () => {
      step(tables);
      tables.format.put('version', version + 1);
    });
  }
}

/** Format 1 kept owners as cluster, resource, owner, item. */
function ownersOverAllResources({ owners }: Tables): void {
  const before = [...owners.getKeys()];
  for (const key of before) owners.remove(key);
  for (const key of before) {
    const [cluster, resource, owner = '', ...item] = key.split(separator);
    owners.put(ownerKey([cluster, resource].join(separator), owner, item.join(separator)), 1);
  }
}
