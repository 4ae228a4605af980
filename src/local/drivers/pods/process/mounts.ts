import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import type { Launch, Mount } from '../sandbox.ts';

/**
 * Without a mount namespace nothing can appear at an absolute path, so a container's files stand below a folder of its
 * own: `mountPath` /etc/app is `$SHALLOP_ROOT/etc/app`, a link to the volume. `readOnly` is not enforced there.
 */
export function linkMounts(root: string, mounts: Mount[]): void {
  mkdirSync(root, { recursive: true });
  const outerFirst = [...mounts].sort((a, b) => normalize(a.target).length - normalize(b.target).length);
  for (const { source, target } of outerFirst) {
    const place = below(root, target);
    if (place === root) continue;
    mkdirSync(dirname(place), { recursive: true });
    const there = lstatSync(place, { throwIfNoEntry: false });
    // A folder with something in it is of the volume around: that it cannot be hidden is no reason to empty it.
    if (there?.isDirectory()) rmdirSync(place);
    else if (there) rmSync(place);
    symlinkSync(source, place);
  }
}

/** Where a container's path stands; `..` does not lead out. */
export const below = (root: string, path: string): string => join(root, normalize(`/${path}`));

/**
 * The folder to start in: the image's own, or the container's `workingDir` where a volume is mounted there or the
 * image has such a folder below its own; the image's where neither is so, since its program is found from there.
 */
export function workingFolder(root: string, { workingDir, image, mounts }: Launch): string {
  if (!workingDir) return image.workingDir;
  const mapped = below(root, workingDir);
  const mounted = mounts.some(
    ({ target }) => !relative(normalize(target), normalize(workingDir)).startsWith('..'),
  );
  if (mounted) mkdirSync(mapped, { recursive: true });
  if (existsSync(mapped) && statSync(mapped).isDirectory()) return mapped;
  const inImage = below(image.workingDir, workingDir);
  return existsSync(inImage) && statSync(inImage).isDirectory() ? inImage : image.workingDir;
}
