import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tryLock } from 'fs-native-extensions';

export interface Lock {
  release(): Promise<void>;
  /** Removes the file and releases it, in this order: who has opened the file meanwhile makes a new one. */
  remove(): Promise<void>;
}

/**
 * Locks a file, which is made if it is not there, by a lock of the kernel; `isShared`: beside others who share it. Undefined while
 * another one holds it otherwise. Every process of the machine sees the lock, whatever container or namespace it runs in, and the
 * kernel frees it when the holder ends, however it ends.
 * @throws where the file system has no locks.
 */
export async function lockFile(path: string, { isShared = false } = {}): Promise<Lock | undefined> {
  const file = await open(path, 'a+', 0o600);
  try {
    if (!tryLock(file.fd, { shared: isShared })) {
      await file.close();
      return undefined;
    }
  } catch (error) {
    await file.close();
    const why = (error as Error).message;
    throw new Error(`${dirname(path)} cannot be locked (${why}); choose another --data-dir`);
  }
  // Who held it may have removed the file after we had opened it: a lock on that keeps nobody out.
  if (!(await isAt(path, file))) {
    await file.close();
    return lockFile(path, { isShared });
  }
  held.add(file);
  const release = async () => {
    held.delete(file);
    await file.close();
  };
  return { release, remove: () => rm(path, { force: true }).finally(release) };
}

async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const own = await file.stat({ bigint: true });
  const there = await stat(path, { bigint: true }).catch(() => undefined);
  return there?.ino === own.ino && there.dev === own.dev;
}

/** Node closes a file that nobody refers to any more, and the lock would end with it. */
const held = new Set<FileHandle>();
