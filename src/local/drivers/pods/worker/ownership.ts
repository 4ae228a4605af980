import { chmod, lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Only root can give files away; elsewhere a container's users are all the same one. */
export const canGive = process.getuid?.() === 0;

/** A new scratch folder is open to every user of its Pod, and what is made in it belongs to the Pod's fsGroup. */
export async function openScratch(folder: string, fsGroup: number | undefined): Promise<void> {
  await chmod(folder, 0o777);
  await giveTo(folder, fsGroup, 0o660);
}

/** Gives files to the Pod's fsGroup, as kubelet does: `more` is what the group may do with them. */
export async function giveTo(path: string, fsGroup: number | undefined, more: number): Promise<void> {
  if (fsGroup === undefined || !canGive) return;
  const stat = await lstat(path);
  // What a link leads to is given by itself, if it is in the volume.
  if (stat.isSymbolicLink()) return;
  if (stat.gid !== fsGroup) await lchown(path, stat.uid, fsGroup);
  const mode = stat.mode & 0o7777;
  const wanted = mode | more | (stat.isDirectory() ? 0o2110 : 0);
  if (wanted !== mode) await chmod(path, wanted);
  if (!stat.isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(join(path, name), fsGroup, more);
}
