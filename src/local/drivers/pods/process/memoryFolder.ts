import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { unmountBelow } from '../worker/memoryVolume.ts';

/** File systems that live in memory. */
const tmpfs = 0x01021994;
const ramfs = 0x858458f6;

/** Removes what a data folder left there; `whole` also what its Pods still have. */
export function leaveMemoryFolder(folder: string, whole: boolean): void {
  if (whole) {
    const volumes = join(folder, 'volumes');
    for (const uid of existsSync(volumes) ? readdirSync(volumes) : []) unmountBelow(join(volumes, uid));
    rmSync(folder, { recursive: true, force: true });
  }
  for (const each of [join(folder, 'volumes'), join(folder, 'runs'), folder]) {
    try {
      rmdirSync(each);
    } catch {
      // It is not there, or not empty.
    }
  }
}

/**
 * A folder that is not written to a disk, for one data folder alone: what is secret and has to be a file stands there.
 * Undefined where the machine has no such place. It is made when something is put there, and gone after the machine has
 * started anew.
 */
export function findMemoryFolder(dataFolder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const user = process.getuid?.() ?? 0;
  const places = [
    ...(user === 0 ? ['/run'] : process.env.XDG_RUNTIME_DIR ? [process.env.XDG_RUNTIME_DIR] : []),
    '/dev/shm',
  ];
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
  for (const place of places) {
    try {
      if (!existsSync(place) || ![tmpfs, ramfs].includes(statfsSync(place).type)) continue;
      const shared = join(place, `shallop-${user}`);
      mkdirSync(shared, { recursive: true, mode: 0o700 });
      const { uid, mode } = lstatSync(shared);
      // Anybody may make folders in /dev/shm: one that is not ours alone holds nothing of ours.
      if (!lstatSync(shared).isDirectory() || uid !== user || (mode & 0o077) !== 0) continue;
      return join(shared, name);
    } catch {
      // The next one may do.
    }
  }
  return undefined;
}
