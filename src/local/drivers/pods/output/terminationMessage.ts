import { realpath } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { isInside } from '../inside.ts';
import { readRegular } from '../regularFile.ts';
import type { Mount } from '../sandbox.ts';

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
  return (await readRegular(join(folder, basename(file)), mostBytes, home))?.text ?? '';
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
