import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { isInside } from '../inside.ts';
import type { Mount } from '../sandbox.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** kubelet's MaxContainerTerminationMessageLength: of a longer message the end is kept. */
const mostBytes = 4096;

/**
 * The end of what a container left at its termination message path, '' where it left none. The container may have put
 * anything there: nothing waits for a pipe, follows a link out of its files, or reads more than the end of a file.
 */
export async function readTerminationMessage(root: string, mounts: Mount[], path: string): Promise<string> {
  const { base, file } = placeOf(root, mounts, path);
  const folder = await realpath(dirname(file)).catch(() => undefined);
  const home = await realpath(base).catch(() => undefined);
  // A volume may be this one file.
  if (!folder || !home || (file !== base && !isInside(home, folder))) return '';
  return readEnd(join(folder, basename(file)));
}

/**
 * Returns where on this machine a path of a container stands: `file` below `base`, a volume's place or the container's
 * root.
 */
export function placeOf(root: string, mounts: Mount[], path: string): { base: string; file: string } {
  const wanted = normalize(`/${path}`);
  const holds = ({ target }: Mount) => isInside(normalize(`/${target}`), wanted);
  const inner = mounts
    .filter(holds)
    .reduce<Mount | undefined>((a, b) => (a && a.target.length >= b.target.length ? a : b), undefined);
  if (!inner) return { base: root, file: join(root, wanted) };
  return { base: inner.source, file: join(inner.source, relative(normalize(`/${inner.target}`), wanted)) };
}

async function readEnd(file: string): Promise<string> {
  const handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch(() => undefined);
  try {
    const found = await handle?.stat();
    if (!handle || !found?.isFile()) return '';
    const bytes = Buffer.alloc(Math.min(found.size, mostBytes));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, found.size - bytes.length);
    return bytes.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}
