import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '../drivers/network/addresses.ts';
import { claim } from '../drivers/network/claim.ts';
import { isAlive, startTimeOf } from '../drivers/pods/process/identity.ts';

/** The control plane that serves a data folder. */
export interface Instance {
  pid: number;
  /** Tells a process from a later one of the same number. */
  startTime: string;
  url?: string;
}

export interface DataFolder {
  path: string;
  /** Says where the API is served, once it is. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

/** What the layout below is called. An older one is migrated by the step of its number, a newer one refused. */
const format = 1;
const migrations: Record<number, (folder: string) => Promise<void>> = {};

/** Opens the folder for this process alone, making it at the first start. Throws when another process has it. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new Error(`${folder} cannot be a data folder (${error.message}); choose another --data-dir`);
  });
  const path = await realpath(folder);
  const file = join(path, 'instance.json');
  const held = await claim(`data/${hash(path).toString(16)}-${path.length}`);
  const other = await runningInstance(path);
  if (!held || (other && other.pid !== process.pid))
    throw new Error(
      `${folder} is in use by another control plane${other ? ` (pid ${other.pid}${other.url ? `, ${other.url}` : ''})` : ''}; stop it with 'shallop down', or choose another --data-dir`,
    );
  const own: Instance = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  const release = async () => {
    await rm(file, { force: true });
    await held.release();
  };
  try {
    await replaceFile(file, JSON.stringify(own));
    await checkFormat(path);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    path,
    announce: (url) => replaceFile(file, JSON.stringify({ ...own, url })),
    release,
  };
}

/** The process that serves the folder now; undefined when there is none, whatever a killed one left behind. */
export async function runningInstance(folder: string): Promise<Instance | undefined> {
  const text = await readFile(join(folder, 'instance.json'), 'utf8').catch(() => '');
  const instance = parseInstance(text);
  return instance && isAlive(instance) ? instance : undefined;
}

/** Undefined for what a failing disk or a lost power supply made of it: the claim decides, the file only tells. */
function parseInstance(text: string): Instance | undefined {
  try {
    const { pid, startTime, url } = JSON.parse(text);
    return Number.isInteger(pid) && startTime ? { pid, startTime, ...(url && { url }) } : undefined;
  } catch {
    return undefined;
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, 'format');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  let found = text === undefined ? format : Number(text);
  if (!Number.isInteger(found) || found < 1)
    throw new Error(
      `${file} does not say a format version; the data folder is damaged: restore it, or start anew with 'shallop reset'`,
    );
  if (found > format)
    throw new Error(
      `${path} was written by a newer shallop (format ${found}, this one knows ${format}); use that version`,
    );
  for (; found < format; found++) await migrations[found]!(path);
  if (text === undefined || Number(text) !== format) await replaceFile(file, `${format}\n`);
}

/** All or nothing: a crash leaves the old file or the new one. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  const partial = `${file}.${process.pid}.new`;
  await writeFile(partial, text, { mode });
  await rename(partial, file);
}
