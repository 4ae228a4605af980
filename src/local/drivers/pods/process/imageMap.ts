import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { rewriteFile } from '../../rewriteFile.ts';
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

export const listImages = async (mapFile: string): Promise<ImageMap> =>
  parse(
    mapFile,
    await readFile(mapFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw notValid(mapFile, error);
    }),
  );

function parse(mapFile: string, text: string): ImageMap {
  try {
    return parseText(text);
  } catch (error) {
    throw notValid(mapFile, error as Error);
  }
}

function parseText(text: string): ImageMap {
  const map: unknown = text ? JSON.parse(text) : {};
  const isObject = typeof map === 'object' && map !== null && !Array.isArray(map);
  if (!isObject || !Object.values(map).every((folder) => typeof folder === 'string' && isAbsolute(folder)))
    throw new Error('it must map names to absolute folders');
  return map as ImageMap;
}

/** Says whether a text is an image map: other programs have a file of that name too. */
export function isImageMap(text: string): boolean {
  try {
    parseText(text);
    return true;
  } catch {
    return false;
  }
}

const notValid = (mapFile: string, error: Error) =>
  new Error(`${mapFile} is no valid image map: ${error.message}`);

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

/** The whole file at once, and one after another: a reader sees the old map or the new one, and of two changes none is lost. */
const change = (mapFile: string, edit: (images: ImageMap) => ImageMap): Promise<void> =>
  rewriteFile(mapFile, 'the image map', (text) => {
    const images = edit(parse(mapFile, text));
    const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
    return `${JSON.stringify(sorted, null, 2)}\n`;
  });
