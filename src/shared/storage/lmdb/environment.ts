import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

export type Root = RootDatabase<Buffer, string>;

/** Address space, not memory or disk: how large the data may grow. */
const defaultMapSize = 64 * 2 ** 30;

const help = 'Restore the folder from a backup, or move it away and start with an empty one.';

export const badFolder = (dir: string, why: string, cause?: unknown) =>
  new Error(`the data folder ${dir} is damaged or not shallop's: ${why}. ${help}`, { cause });

/** Opens the data folder, made with mode 0700 if it is not there. Throws when it is damaged, and says what to do. */
export function openEnvironment(dir: string, mapSize = defaultMapSize): Root {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let root: Root;
  try {
    root = open({
      path: dir,
      noSubdir: false,
      encoding: 'binary',
      mapSize,
      // A commit is visible only once it is on disk: readers and watchers never see what a power cut could undo.
      overlappingSync: false,
    });
  } catch (error) {
    throw badFolder(dir, (error as Error).message, error);
  }
  const { lastPageNumber, pageSize } = root.getStats() as { lastPageNumber: number; pageSize: number };
  const { size } = statSync(join(dir, 'data.mdb'));
  // A page that is not in the file would end the process when it is read.
  if (size < lastPageNumber * pageSize) {
    void root.close();
    throw badFolder(dir, `data.mdb is ${size} bytes long, shorter than its content`);
  }
  return root;
}
