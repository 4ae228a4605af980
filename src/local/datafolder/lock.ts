import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Locks a folder for this process, by a lock of the kernel on the file `lock` in it. Undefined when another process
 * holds it. Every process of the machine sees the lock, whatever container or namespace it runs in, and the kernel
 * frees it when the holder ends, however it ends. Throws where the file system has no locks.
 */
export async function lockFolder(folder: string): Promise<Lock | undefined> {
  const file = await open(join(folder, 'lock'), 'a', 0o600);
  try {
    if (!tryLock(file.fd)) {
      await file.close();
      return undefined;
    }
  } catch (error) {
    await file.close();
    throw new Error(`${folder} cannot be locked (${(error as Error).message}); choose another --data-dir`);
  }
  held.add(file);
  return {
    release: async () => {
      held.delete(file);
      await file.close();
    },
  };
}

/** Node closes a file that nobody refers to any more, and the lock would end with it. */
const held = new Set<FileHandle>();
