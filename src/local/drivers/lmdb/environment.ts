import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { noteInheritable } from '../inherited/index.ts';

export type Root = RootDatabase<Buffer, string>;

/** Address space, not memory or disk: how large the data may grow. */
const defaultMapSize = 64 * 2 ** 30;

const help = 'Restore the folder from a backup, or move it away and start with an empty one.';

export const badFolder = (dir: string, why: string, cause?: unknown) =>
  new Error(`the data folder ${dir} is damaged or not shallop's: ${why}. ${help}`, { cause });

/** Opens the data folder, made with mode 0700 if it is not there. Throws when it is damaged, and says what to do. */
export async function openEnvironment(
  dir: string,
  { mapSize = defaultMapSize, noMetaSync = false } = {},
): Promise<Root> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  checkMagic(dir);
  let root: Root;
  try {
    root = open({
      path: dir,
      noSubdir: false,
      encoding: 'binary',
      mapSize,
      noMetaSync,
      // A commit is visible only once it is on disk: readers and watchers never see what a power cut could undo.
      overlappingSync: false,
    });
  } catch (error) {
    throw badFolder(dir, (error as Error).message, error);
  }
  noteInheritable();
  const { lastPageNumber, pageSize } = root.getStats() as { lastPageNumber: number; pageSize: number };
  const { size } = statSync(join(dir, 'data.mdb'));
  // A page that is not in the file would end the process when it is read.
  if (size < lastPageNumber * pageSize) {
    await root.close();
    throw badFolder(dir, `data.mdb is ${size} bytes long, shorter than its content`);
  }
  return root;
}

/** Says where the first page of an LMDB file says that it is one, in the byte order of the machine. */
const magic = { position: 24, value: 0xbeefc0de };

/** Bytes, at least, of the two pages that begin every LMDB file. */
const metaPages = 2 * 4096;

/** lmdb crashes the process over a file that is not its own. */
function checkMagic(dir: string): void {
  const path = join(dir, 'data.mdb');
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size === 0) return;
  if (size < metaPages) throw badFolder(dir, `data.mdb is ${size} bytes long, shorter than its head`);
  const head = new Uint32Array(1);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 4, magic.position);
  } finally {
    closeSync(file);
  }
  if (head[0] !== magic.value) throw badFolder(dir, 'data.mdb is not an LMDB file');
}
