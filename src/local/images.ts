import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '../shared/clock/systemClock.ts';
import type { ImageThresholds, NodeImages } from '../shared/ports/cloud.ts';
import { removable } from './controllers/imagegc/plan.ts';
import { type Images, openImages } from './drivers/images/index.ts';
import { openNodeImages } from './drivers/images/nodeImages.ts';
import { rootsInUse } from './drivers/pods/native/index.ts';

export { sizeOf } from './drivers/images/index.ts';
/** For the command line. The image map says which folder an image name means. */
export { addImage, listImages, removeImage } from './drivers/pods/process/imageMap.ts';

/** Returns where images of a data folder stand, and containers that may be made of them. */
export const imagesFolder = (dataFolder: string): string => join(dataFolder, 'images');
export const containersFolder = (dataFolder: string): string => join(dataFolder, 'pods', 'containers');

export const imagesIn = (dataFolder: string, mirrors: Record<string, string[]> = {}): Images =>
  openImages({ folder: imagesFolder(dataFolder), clock: systemClock, mirrors });

export const rootsInUseIn = (dataFolder: string): Promise<Set<string>> =>
  rootsInUse(containersFolder(dataFolder));

export const nodeImagesIn = (dataFolder: string, thresholds?: ImageThresholds): NodeImages =>
  openNodeImages({
    folder: imagesFolder(dataFolder),
    clock: systemClock,
    rootsInUse: () => rootsInUseIn(dataFolder),
    ...(thresholds && { thresholds }),
  });

/**
 * Removes, of the images from registries, every one of which no container is made, as garbage collection would with a
 * full disk. Answers their names; what they held goes with the next prune.
 */
export async function removeUnused(dataFolder: string): Promise<string[]> {
  const images = nodeImagesIn(dataFolder);
  const removed: string[] = [];
  for (const image of removable(await images.list(), { now: systemClock.now(), minAgeMs: 0 }))
    if (await images.remove(image)) removed.push(...image.names);
  return removed;
}

/** Has the engine of this machine, found as the docker CLI finds it, take the images of an archive. Answers their names. */
export async function loadIntoEngine(
  env: Record<string, string | undefined>,
  archive: Readable,
  name?: string,
): Promise<string[]> {
  const { findEngine, loadIntoEngine: load } = await import('./drivers/pods/engine/index.ts');
  return load((await findEngine(env)).client, archive, name);
}
