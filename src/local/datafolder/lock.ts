import { join } from 'node:path';
import { type Lock, lockFile } from '../drivers/fileLock.ts';

export type { Lock };

/** Locks a folder for this process by the file `lock` in it. Undefined when another process holds it. */
export const lockFolder = (folder: string): Promise<Lock | undefined> => lockFile(join(folder, 'lock'));
