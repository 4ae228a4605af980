import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FoundImage, ImageMissing } from '../sandbox.ts';
import { readDescriptor } from './descriptor.ts';

/** Image name → absolute folder holding a `shallop.json`. */
export type ImageMap = Record<string, string>;

/** Makes a name mean a folder, replacing what it meant. Throws when the folder has no valid `shallop.json`. */
export async function addImage(mapFile: string, name: string, folder: string): Promise<void> {
  const absolute = resolve(folder);
  await readDescriptor(absolute);
  await change(mapFile, (images) => ({ ...images, [canonicalImage(name)]: absolute }));
}

/** Answers whether there was one. */
export async function removeImage(mapFile: string, name: string): Promise<boolean> {
  let found = false;
  await change(mapFile, ({ [canonicalImage(name)]: folder, ...rest }) => {
    found = folder !== undefined;
    return rest;
  });
  return found;
}

export async function listImages(mapFile: string): Promise<ImageMap> {
  try {
    return JSON.parse(await readFile(mapFile, 'utf8')) as ImageMap;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${mapFile} is no valid image map: ${(error as Error).message}`);
  }
}

/** Looks images up, reading the map again whenever its file changed. */
export function openImageMap(mapFile: string): (name: string) => Promise<FoundImage> {
  let seen = '';
  let images: ImageMap = {};
  return async (name) => {
    const version = await stat(mapFile).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => 'none',
    );
    if (version !== seen) {
      images = await listImages(mapFile);
      seen = version;
    }
    const folder = images[canonicalImage(name)];
    if (!folder)
      throw new ImageMissing(
        `image "${name}" is not in the image map; add it with: shallop image add ${name} <folder>`,
      );
    try {
      return { id: folder, ...(await readDescriptor(folder)) };
    } catch (error) {
      throw new ImageMissing(`image "${name}": ${(error as Error).message}`);
    }
  };
}

/** `docker.io/library/x` and `x` are `x:latest`, as for container engines. */
export function canonicalImage(name: string): string {
  const short = name.replace(/^docker\.io\/(library\/)?/, '');
  return /[:@][^/]*$/.test(short) ? short : `${short}:latest`;
}

/** The whole file at once: a reader sees the old map or the new one. */
async function change(mapFile: string, edit: (images: ImageMap) => ImageMap): Promise<void> {
  const images = edit(await listImages(mapFile));
  const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
  await mkdir(dirname(mapFile), { recursive: true });
  const draft = `${mapFile}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(sorted, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, mapFile);
}
