import { join } from 'node:path';
import { portsHeldIn } from './drivers/pods/process/podPorts.ts';
import { containersFolder } from './images.ts';

/** Returns where the programs of a Pod of a data folder listen; undefined where the system does not tell. */
export const portsOfPod = (dataFolder: string, uid: string): ReturnType<typeof portsHeldIn> =>
  portsHeldIn(join(containersFolder(dataFolder), uid));
