import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { imageLink } from './script.ts';

/** The root file systems of images that runs below a folder are made of, running or not. */
export async function rootsInUse(containers: string): Promise<Set<string>> {
  const inside = async (folder: string) =>
    (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const found = new Set<string>();
  for (const pod of await inside(containers))
    for (const container of await inside(pod))
      for (const run of await inside(container)) {
        const root = await readlink(join(run, imageLink)).catch(() => undefined);
        if (root) found.add(root);
      }
  return found;
}
