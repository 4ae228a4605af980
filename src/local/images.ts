import { join } from 'node:path';
import { systemClock } from '../shared/clock/systemClock.ts';
import { type Images, openImages } from './drivers/images/index.ts';
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
