import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ShallopOptions } from './types.ts';

/** Says in a data folder what each image is, before Pods ask for it. Throws with what is wrong with a folder. */
export async function addImages(dataDir: string, images: ShallopOptions['images'] = {}): Promise<void> {
  const entries = Object.entries(images);
  if (entries.length === 0) return;
  const [{ addImage }, { imageMapIn }] = await Promise.all([
    import('../local/images.ts'),
    import('../local/config.ts'),
  ]);
  for (const [i, [name, image]] of entries.entries()) {
    const isFolder = typeof image === 'string';
    const folder = isFolder ? resolve(image) : join(dataDir, 'programs', String(i));
    if (!isFolder) {
      await mkdir(folder, { recursive: true });
      const descriptor = { ...image, workingDir: resolve(image.workingDir ?? '.') };
      await writeFile(join(folder, 'shallop.json'), JSON.stringify(descriptor));
    }
    await addImage(imageMapIn(dataDir), name, folder);
  }
}
