import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockFile } from '../fileLock.ts';

/** What is being written into an image store, and who works on it. */
export interface Drafts {
  /** Names a file or folder that is to be written, and renamed once it is whole. */
  path(): string;
  /** Says that an image is on its way here, part by part, until what it answers is called. Waits for a sweep to end. */
  busy(): Promise<() => Promise<void>>;
  /**
   * Removes what processes that are gone have left, and runs `work` while nothing else comes. Answers undefined, and does not run it,
   * when something is on its way here or another one sweeps.
   */
  alone<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** Loads and pulls share its lock, and a sweep has it alone; the kernel frees it when their process ends. */
const lockName = 'lock';
const lookMs = 20;

export function openDrafts(folder: string): Drafts {
  const lock = join(folder, lockName);
  return {
    path: () => join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`),
    async busy() {
      for (;;) {
        const held = await lockFile(lock, { isShared: true });
        if (held) return held.release;
        await sleep(lookMs);
      }
    },
    async alone(work) {
      const held = await lockFile(lock);
      if (!held) return undefined;
      try {
        for (const name of await readdir(folder))
          if (name !== lockName)
            await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
        return await work();
      } finally {
        await held.release();
      }
    },
  };
}
