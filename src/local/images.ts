/** The image map, for the command line: which folder an image name means on the process runtime. */
export { addImage, listImages, removeImage } from './drivers/pods/process/imageMap.ts';
