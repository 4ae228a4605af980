import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../examples/demo/server.ts';

/** Makes a program of this machine an image of a control plane, described in a folder below `folder`. */
export async function addProgram(
  plane: ControlPlane,
  folder: string,
  name: string,
  command: string[],
): Promise<void> {
  const image = join(folder, 'image');
  await mkdir(image);
  await writeFile(join(image, 'shallop.json'), JSON.stringify({ command }));
  await plane.shallop('image', 'add', name, image);
}
