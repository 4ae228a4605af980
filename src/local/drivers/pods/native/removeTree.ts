import { execFile } from 'node:child_process';
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a folder in which containers wrote. As an ordinary user that takes more than rm: the kernel's overlay leaves a
 * folder that nobody may enter, and so may a program; and where `enter` is given, the command line of a user namespace
 * with all users, files may belong to others of them.
 */
export async function removeTree(folder: string, enter?: string[]): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const refused = await remove().then(() => false, isRefusal);
  if (!refused) return;
  await open(folder);
  if (!(await remove().then(() => false, isRefusal)) || !enter) return remove();
  const [program = '', ...args] = enter;
  await new Promise<void>((resolve) => {
    execFile(program, [...args, 'rm', '-rf', '--', folder], () => resolve());
  });
  await remove();
}

function isRefusal(error: NodeJS.ErrnoException): true {
  if (error.code === 'EACCES' || error.code === 'EPERM') return true;
  throw error;
}

/** Makes every folder below enterable, without following a link. */
async function open(folder: string): Promise<void> {
  const stat = await lstat(folder).catch(() => undefined);
  if (!stat?.isDirectory()) return;
  if ((stat.mode & 0o700) !== 0o700) await chmod(folder, 0o700).catch(() => {});
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await open(join(folder, entry.name));
}
