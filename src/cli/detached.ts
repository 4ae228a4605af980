import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataFolder } from '../local/datafolder/make.ts';
import { startTimeOf } from '../local/drivers/pods/process/identity.ts';
import type { Io } from './verb.ts';

/** Names the file in the data folder that takes what a control plane in the background says. */
const upLog = 'up.log';

const ready = 'ready';

/** Returns whether another process waits for this one to be ready, and has left its terminal to itself. */
export const isDetached = (): boolean => process.send !== undefined;

/** Tells whoever has started this process that it serves. */
export const tellReady = (): void => void process.send?.(ready);

/**
 * Runs the command of this process once more in the background, and returns when that is ready or has failed: 0, or its
 * exit code. What it has said by then is told here, and all of it stands in `up.log`.
 */
export async function runDetached(folder: string, io: Io): Promise<number> {
  const made = await makeDataFolder(folder);
  // Not yet the log's name: another control plane may write to that, on whose folder this one will be refused.
  const file = join(folder, `${upLog}.${process.pid}`);
  const handle = await open(file, 'w', 0o600);
  const [node, ...words] = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(node!, words, {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', handle.fd, handle.fd, 'ipc'],
  });
  io.interrupted.addEventListener('abort', () => child.kill());
  const [code] = await Promise.all([readyOrEnded(child), handle.close()]);
  const said = (await readFile(file, 'utf8')).trimEnd();
  if (code !== undefined) {
    if (said) io.err(said);
    await rm(file, { force: true });
    if (made) await rmdir(folder).catch(() => {});
    return code;
  }
  await rename(file, join(folder, upLog));
  await removeLogsLeft(folder);
  child.disconnect();
  child.unref();
  io.out(said);
  io.out(`              shallop down stops it; ${join(folder, upLog)} has what it says from now on`);
  return 0;
}

/** Removes the logs of those who were killed while they waited. What they had started has ended: another one has the folder. */
async function removeLogsLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^up\.log\.(\d+)$/.exec(name) ?? [];
    if (pid && startTimeOf(Number(pid)) === undefined) await rm(join(folder, name), { force: true });
  }
}

/** Undefined once it is ready, else its exit code. @throws when it cannot be started. */
async function readyOrEnded(child: ChildProcess): Promise<number | undefined> {
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  return first === ready ? undefined : (first ?? 1);
}
