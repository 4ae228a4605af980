import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OwnedFile } from './tokenOwners.ts';

/**
 * Replaces a volume's files at once, as kubelet does: they stand in a folder of their own, `..data` links to it, and
 * each name links through `..data`. A reader sees all the old files or all the new ones. `version` names the folder
 * and has to differ from the last one. Programs may have put anything into the volume: nothing of it is opened.
 */
export async function writeVolume(
  folder: string,
  files: ReadonlyMap<string, OwnedFile>,
  version: string,
): Promise<void> {
  const current = `..${version}`;
  await rm(join(folder, current), { recursive: true, force: true });
  await mkdir(join(folder, current), { mode: 0o755 });
  for (const [path, { data, mode, owner }] of files) {
    if (path.split('/').includes('..')) continue;
    const file = join(folder, current, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data, { flag: 'wx' });
    await chmod(file, mode);
    if (owner !== undefined) await chown(file, owner, -1);
  }
  const draft = join(folder, '..data_tmp');
  await rm(draft, { recursive: true, force: true });
  await symlink(current, draft);
  await rename(draft, join(folder, '..data'));
  const there = await readdir(folder);
  await linkNames(folder, new Set(Array.from(files.keys(), (path) => path.split('/')[0]!)), new Set(there));
  for (const old of there)
    if (old.startsWith('..') && old !== '..data' && old !== current)
      await rm(join(folder, old), { recursive: true, force: true });
}

async function linkNames(folder: string, names: Set<string>, there: Set<string>): Promise<void> {
  for (const name of names) if (!there.has(name)) await symlink(join('..data', name), join(folder, name));
  // Only links of ours: a program may have put files of its own beside them.
  for (const name of there)
    if (!name.startsWith('..') && !names.has(name) && (await isOurs(join(folder, name))))
      await rm(join(folder, name));
}

const isOurs = async (file: string): Promise<boolean> =>
  (await lstat(file)).isSymbolicLink() && (await readlink(file)).startsWith('..data/');
