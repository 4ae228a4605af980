import { constants } from 'node:fs';
import { type FileHandle, lstat, open, opendir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '../inside.ts';

/** So many files are looked at, since a program makes them faster than anybody counts. */
const mostEntries = 100_000;
/** POSIX counts blocks of this size, whatever the file system. */
const blockBytes = 512;

/**
 * Returns how many bytes the files in a folder take on its disk, each once however many names it has. A program may
 * change the folder meanwhile: no link is followed, nothing but folders is opened, and what cannot be read counts
 * nothing. Of more than `most` files the rest is not counted.
 * @param changedAfter Leaves out files that nobody has changed since, in milliseconds since the epoch by the kernel's clock.
 */
export async function bytesIn(
  folder: string,
  { most = mostEntries, changedAfter = Number.NEGATIVE_INFINITY } = {},
): Promise<number> {
  const home = await realpath(folder).catch(() => undefined);
  if (home === undefined) return 0;
  const seen = new Set<string>();
  const folders = [home];
  let bytes = 0;
  let left = most;
  for (let next = folders.pop(); next !== undefined && left > 0; next = folders.pop()) {
    const at = next;
    await eachIn(at, home, async (name, place) => {
      const stat = await lstat(place);
      if (stat.isDirectory()) folders.push(join(at, name));
      // Of these there are only as many as there were.
      if (stat.ctimeMs <= changedAfter) return true;
      const inode = `${stat.dev}:${stat.ino}`;
      if (stat.nlink === 1 || !seen.has(inode)) bytes += stat.blocks * blockBytes;
      if (!stat.isDirectory() && stat.nlink > 1) seen.add(inode);
      return --left > 0;
    });
  }
  return bytes;
}

/** Calls `visit` with every name in a folder and where it stands, until that answers false. */
async function eachIn(
  folder: string,
  home: string,
  visit: (name: string, place: string) => Promise<boolean>,
): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(folder, flags).catch(() => undefined);
  if (!handle) return;
  try {
    const held = await heldPlace(handle, folder, home);
    if (held === undefined) return;
    for await (const { name } of await opendir(held))
      if (!(await visit(name, join(held, name)).catch(() => true))) return;
  } catch {
    // It went meanwhile.
  } finally {
    await handle.close();
  }
}

/** A name that stays that of the open folder; undefined where a link, put there meanwhile, has led out of `home`. */
async function heldPlace(handle: FileHandle, folder: string, home: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return folder;
  const held = `/proc/self/fd/${handle.fd}`;
  return isInside(home, await readlink(held)) ? held : undefined;
}
