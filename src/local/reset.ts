import { lstat, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCloud } from './cloud.ts';
import { parseConfig, type Runtime } from './config.ts';
import { openDataFolder } from './datafolder/index.ts';
import { entriesOf, isDataFolder } from './datafolder/parts.ts';
import { forgetMemoryOf, unmountBelow } from './drivers/pods/index.ts';

/** Describes what a reset left, since it is not ours. */
export interface Reset {
  /** Names in the folder. The folder itself stays, too, where it is a link or something is mounted on it. */
  left: string[];
}

/**
 * Stops Pods that run on, deletes what is ours in the folder, and the folder when that was all of it; undefined when there is
 * none. Throws while a control plane serves it, and where something is mounted in it that cannot be taken away and would be
 * deleted with it.
 */
export async function resetDataFolder(folder: string): Promise<Reset | undefined> {
  const entries = await entriesOf(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return undefined;
  const { parts, others } = entries;
  if (parts.length + others.length > 0 && !(await isDataFolder(folder, entries)))
    throw new Error(`${folder} is no data folder of shallop; it was left as it is`);
  const held = await openDataFolder(folder, { toEmpty: true });
  try {
    // Elsewhere than on Linux the first choice would be an engine.
    if (parts.includes('pods')) await stopPods(held.path, process.platform === 'linux' ? 'auto' : 'process');
    // Of one that does not answer the next control plane that finds it removes what is left.
    if (parts.includes('engine')) await stopPods(held.path, 'engine').catch(() => {});
    for (const part of ['pods', 'engine']) forgetMemoryOf(join(held.path, part));
    // Containers that could not be removed may have mounted folders of others in their volumes.
    unmountBelow(held.path);
  } finally {
    await held.release();
  }
  return empty(folder, held.path);
}

/** Removes what is ours, the marks last: a reset that breaks off is taken up again by the next. */
async function empty(folder: string, path: string): Promise<Reset> {
  const { parts, others: left } = await entriesOf(path);
  const isMark = (entry: string) => entry === 'pki.json' || entry === 'format';
  parts.sort((a, b) => Number(isMark(a)) - Number(isMark(b)));
  for (const part of parts) await rm(join(path, part), { recursive: true, force: true });
  // A link would lead nowhere; a folder on which a disk is mounted is not to be removed at all.
  const isLink = (await lstat(folder)).isSymbolicLink();
  if (left.length === 0 && !isLink) await rmdir(path).catch(() => {});
  return { left };
}

async function stopPods(folder: string, runtime: Runtime): Promise<void> {
  const config = parseConfig({ dataDir: folder, runtime, stopPods: true, allowRemote: false }, {}, folder);
  const cloud = await openCloud(
    config,
    folder,
    () => {},
    () => {},
  );
  await cloud.close(true);
}
