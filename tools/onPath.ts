import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program of that name stands in a folder of the PATH. */
export const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
