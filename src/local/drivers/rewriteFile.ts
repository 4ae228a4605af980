import type { BigIntStats } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { makeFolder } from './makeFolder.ts';

const lookEveryMs = 20;
const waitMs = 8_000;
/** No tool holds the lock for so long: who left it was killed. Shorter than the wait, so that a start gets over that. */
const staleMs = 4_000;

/**
 * Changes a file that other programs change too. `change` gets its text ('' when there is none) and answers the new
 * one, or undefined to leave it. The file is locked as kubectl locks a kubeconfig (FILE.lock), replaced in one step, and where
 * it is a symbolic link its target is. Throws when another program keeps it locked; `what` says what that one holds.
 */
export async function rewriteFile(
  file: string,
  what: string,
  change: (text: string) => string | undefined,
): Promise<void> {
  await makeFolder(dirname(file), 0o700);
  const release = await lock(`${file}.lock`, what);
  try {
    const target = await realpath(file).catch(() => file);
    const text = await readFile(target, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const changed = change(text);
    if (changed === undefined || changed === text) return;
    const partial = `${target}.${process.pid}.new`;
    await writeFile(partial, changed, { mode: 0o600 });
    await rename(partial, target);
  } finally {
    await release();
  }
}

async function lock(file: string, what: string): Promise<() => Promise<void>> {
  for (let waited = 0; ; waited += lookEveryMs) {
    try {
      const handle = await open(file, 'wx', 0o600);
      const own = await handle.stat({ bigint: true }).finally(() => handle.close());
      // Another one has taken the file away when this process slept for long, and has its own there.
      return async () => {
        if (isSame(own, await lockAt(file))) await rm(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = await lockAt(file);
    if (found && isStale(found) && (await takeAway(file, found))) continue;
    if (waited >= waitMs)
      throw new Error(`another program holds ${what}: ${file} is there; delete it if none does`);
    await pause(lookEveryMs);
  }
}

/**
 * Takes the stale lock away that was found, and none that is in its place by now: only who has its claim removes it. False while
 * another one has the claim.
 */
async function takeAway(file: string, found: BigIntStats): Promise<boolean> {
  const claim = `${file}.${found.mtimeNs}`;
  try {
    await (await open(claim, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Who had it may have been killed too.
    const left = await lockAt(claim);
    if (left && isStale(left)) await rm(claim, { force: true });
    return false;
  }
  if (isSame(found, await lockAt(file))) await rm(file, { force: true });
  await rm(claim, { force: true });
  return true;
}

const isStale = ({ mtimeMs }: BigIntStats): boolean => systemClock.now() - Number(mtimeMs) > staleMs;

const lockAt = (file: string) => stat(file, { bigint: true }).catch(() => undefined);

/** A file that is made after another one was removed may get its number. */
const isSame = (one: BigIntStats, other: BigIntStats | undefined): boolean =>
  one.ino === other?.ino && one.mtimeNs === other.mtimeNs;
