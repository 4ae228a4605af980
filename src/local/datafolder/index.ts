import { open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive, startTimeOf } from '../drivers/pods/process/identity.ts';
import { type Lock, lockFolder } from './lock.ts';
import { makeDataFolder } from './make.ts';
import { refuseOthersFolders } from './parts.ts';

/** Another control plane serves the data folder. */
export class FolderInUse extends Error {}

/** The control plane that serves a data folder. */
export interface Instance {
  pid: number;
  /** Tells a process from a later one of the same number. */
  startTime: string;
  /** Name of the machine or container whose process it is. */
  host: string;
  url?: string;
}

export interface DataFolder {
  path: string;
  /** Says where the API is served, once it is. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
  /** Removes what says that it is open, and lets go of it: the end of a folder that has been emptied. */
  remove(): Promise<void>;
}

/** Is what the layout below is called. An older one is migrated by the step of its number, a newer one refused. */
const format = 1;
const migrations: Record<number, (folder: string) => Promise<void>> = {};

/**
 * Opens the folder for this process alone, making it at the first start.
 * @throws when another process has it, and when its format is not known: who only empties it passes over one that cannot be read.
 */
export async function openDataFolder(
  folder: string,
  { toEmpty = false }: { toEmpty?: boolean } = {},
): Promise<DataFolder> {
  const { path, held } = await take(folder);
  const file = join(path, 'instance.json');
  const own: Instance = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    host: hostname(),
  };
  const removeInstance = () => rm(file, { force: true });
  const release = () => removeInstance().then(held.release);
  try {
    await replaceFile(file, JSON.stringify(own));
    await checkFormat(path, toEmpty);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    path,
    announce: (url) => replaceFile(file, JSON.stringify({ ...own, url })),
    release,
    remove: () => removeInstance().then(held.remove),
  };
}

/** Locks the folder, making it; once more where a reset removes it meanwhile. */
async function take(folder: string, attempts = 5): Promise<{ path: string; held: Lock }> {
  try {
    await makeDataFolder(folder);
    const path = await realpath(folder);
    await refuseOthersFolders(path);
    const held = await lockFolder(path);
    if (!held) throw inUse(folder, await instanceIn(path));
    return { path, held };
  } catch (error) {
    const isMeanwhile = ['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!isMeanwhile || attempts <= 1) throw error;
    return take(folder, attempts - 1);
  }
}

/** The process of this machine that serves the folder now; undefined when a killed one has only left its file. */
export async function runningInstance(folder: string): Promise<Instance | undefined> {
  const instance = await instanceIn(folder);
  return instance && isAlive(instance) ? instance : undefined;
}

/** Undefined for what a failing disk or a lost power supply made of it: the lock decides, the file only tells. */
async function instanceIn(folder: string): Promise<Instance | undefined> {
  try {
    const { pid, startTime, host, url } = JSON.parse(await readFile(join(folder, 'instance.json'), 'utf8'));
    if (!Number.isInteger(pid) || !startTime) return undefined;
    return { pid, startTime, host: host || hostname(), ...(url && { url }) };
  } catch {
    return undefined;
  }
}

function inUse(folder: string, other: Instance | undefined): Error {
  const who = other
    ? ` (${[`pid ${other.pid}`, other.host === hostname() ? '' : `on ${other.host}`].filter(Boolean).join(' ')}${other.url ? `, ${other.url}` : ''})`
    : '';
  return new FolderInUse(
    `${folder} is in use by another control plane${who}; stop it with 'shallop down', or choose another --data-dir`,
  );
}

async function checkFormat(path: string, isDamageFine: boolean): Promise<void> {
  const file = join(path, 'format');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  let found = text === undefined ? format : Number(text);
  if (!Number.isInteger(found) || found < 1) {
    if (isDamageFine) return;
    throw new Error(
      `${file} does not say a format version; the data folder is damaged: restore it, or start anew with 'shallop reset'`,
    );
  }
  if (found > format)
    throw new Error(
      `${path} was written by a newer shallop (format ${found}, this one knows ${format}); use that version`,
    );
  for (; found < format; found++) await migrations[found]!(path);
  if (text === undefined || Number(text) !== format) await replaceFile(file, `${format}\n`);
}

/**
 * Replaces a file in one step and on disk: a crash or a power cut leaves the old file or the new one. What else it leaves is
 * overwritten by the next who replaces the file: only who holds the folder does.
 */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  const partial = `${file}.new`;
  const handle = await open(partial, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  if (process.platform !== 'win32') await syncFolder(dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
