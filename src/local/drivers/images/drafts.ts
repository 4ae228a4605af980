import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is being written into an image store, and the marks of those who work on it. Names begin with the process. */
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

const sweeping = '-sweeping';
const lookMs = 20;

export function openDrafts(folder: string): Drafts {
  const path = () => join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  const mark = async (file: string) => {
    await writeFile(file, '', { mode: 0o600 });
    return () => rm(file, { force: true });
  };
  const isSweptNow = async () =>
    (await readdir(folder)).some((name) => name.endsWith(sweeping) && isLive(name));
  return {
    path,
    // Each side marks first and then looks for the other's mark, so that one of them always sees the other.
    async busy() {
      const done = await mark(path());
      while (await isSweptNow()) await sleep(lookMs);
      return done;
    },
    async alone(work) {
      const own = `${path()}${sweeping}`;
      const done = await mark(own);
      try {
        const others = (await readdir(folder)).filter((name) => name !== basename(own));
        for (const name of others)
          if (!isLive(name)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
        return others.some(isLive) ? undefined : await work();
      } finally {
        await done();
      }
    },
  };
}

function isLive(name: string): boolean {
  try {
    process.kill(Number(name.split('-')[0]), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
