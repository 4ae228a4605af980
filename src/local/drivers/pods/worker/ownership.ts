import { constants, type Stats } from 'node:fs';
import { chmod, type FileHandle, lchown, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Only root can give files away; elsewhere a container's users are all the same one. */
export const canGive = process.getuid?.() === 0;

/** A new scratch folder is open to every user of its Pod, and what is made in it belongs to the Pod's fsGroup. */
export async function openScratch(folder: string, fsGroup: number | undefined): Promise<void> {
  // What is in memory is a file system of its own, whose folder is sticky, and stays so as with kubelet.
  if (((await lstat(folder)).mode & 0o777) !== 0o777) await chmod(folder, 0o777);
  await giveTo(folder, fsGroup, 0o660);
}

/**
 * Gives files to the Pod's fsGroup, as kubelet does: `more` is what the group may do with them. Each folder is given after
 * what is in it. No link is followed, whatever a program of another Pod makes of the files meanwhile.
 */
export async function giveTo(path: string, fsGroup: number | undefined, more: number): Promise<void> {
  if (fsGroup === undefined || !canGive) return;
  const stat = await lstat(path);
  // What a link leads to is given by itself, if it is in the volume.
  if (stat.isSymbolicLink()) return;
  // Nobody opens a pipe or a device here.
  if (!stat.isDirectory() && !stat.isFile()) return lchown(path, stat.uid, fsGroup);
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const found = await handle.stat();
    if (found.isDirectory())
      for (const name of await readdir(placeOf(path, handle)))
        await giveTo(join(placeOf(path, handle), name), fsGroup, more);
    await giveOpen(handle, found, fsGroup, more);
  } finally {
    await handle.close();
  }
}

/** Returns whether a volume whose folder this is needs nothing given, as kubelet judges by the folder alone. */
export const isGiven = ({ gid, mode }: Pick<Stats, 'gid' | 'mode'>, fsGroup: number): boolean =>
  gid === fsGroup && (mode & 0o2770) === 0o2770;

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** An open folder is the same one whatever its path leads to now. */
const placeOf = (path: string, { fd }: FileHandle): string =>
  process.platform === 'linux' ? `/proc/self/fd/${fd}` : path;

async function giveOpen(handle: FileHandle, stat: Stats, fsGroup: number, more: number): Promise<void> {
  if (stat.gid !== fsGroup) await handle.chown(stat.uid, fsGroup);
  const mode = stat.mode & 0o7777;
  const wanted = mode | more | (stat.isDirectory() ? 0o2110 : 0);
  if (wanted !== mode) await handle.chmod(wanted);
}
