import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openCloud } from './cloud.ts';
import { parseConfig, type Runtime } from './config.ts';
import { openDataFolder } from './datafolder/index.ts';
import { forgetMemoryOf, unmountBelow } from './drivers/pods/index.ts';

/** Is what a data folder of ours holds: a folder with none of it is not deleted. */
const marks = ['format', 'pki.json', 'storage', 'instance.json', 'images.json'];

/**
 * Stops Pods that run on and deletes the folder; false when there is none. Throws while a control plane serves it, and where
 * something is mounted in it that cannot be taken away and would be deleted with it.
 */
export async function resetDataFolder(folder: string): Promise<boolean> {
  try {
    await access(folder);
  } catch {
    return false;
  }
  const entries = await readdir(folder);
  if (entries.length > 0 && !entries.some((entry) => marks.includes(entry)))
    throw new Error(`${folder} is no data folder of shallop; it was left as it is`);
  const held = await openDataFolder(folder);
  try {
    // Elsewhere than on Linux the first choice would be an engine.
    if (entries.includes('pods'))
      await stopPods(held.path, process.platform === 'linux' ? 'auto' : 'process');
    // Of one that does not answer the next control plane that finds it removes what is left.
    if (entries.includes('engine')) await stopPods(held.path, 'engine').catch(() => {});
    for (const part of ['pods', 'engine']) forgetMemoryOf(join(held.path, part));
    // Containers that could not be removed may have mounted folders of others in their volumes.
    unmountBelow(held.path);
  } finally {
    await held.release();
  }
  await rm(join(folder), { recursive: true, force: true });
  return true;
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
