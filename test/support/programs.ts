import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addImage } from '../../src/local/drivers/pods/index.ts';

/** Small shell programs as images. `wait` in a loop lets the shell hear a signal while it waits. */
export const programs: Record<string, string> = {
  server: `trap 'exit 0' TERM; echo hello; sleep 1000 & while :; do wait; done`,
  stubborn: `trap '' TERM; echo hello; while :; do sleep 1; done`,
  crash: 'echo oops; exit 3',
  done: 'echo bye; exit 0',
  slow: 'sleep 0.5',
};

/** Writes programs below a folder and makes their names images. */
export async function addPrograms(imageMap: string, folder: string, scripts = programs): Promise<void> {
  for (const [name, script] of Object.entries(scripts)) {
    const home = join(folder, 'images', name);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'shallop.json'), JSON.stringify({ command: ['sh', '-c', script] }));
    await addImage(imageMap, name, home);
  }
}
