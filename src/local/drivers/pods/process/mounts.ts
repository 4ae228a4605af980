import { lstat, mkdir, open, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { isInside } from '../inside.ts';
import { placeOf } from '../output/terminationMessage.ts';
import type { Launch, Mount } from '../sandbox.ts';

/**
 * Without a mount namespace nothing can appear at an absolute path, so a container's files stand below a folder of its
 * own: `mountPath` /etc/app is `$SHALLOP_ROOT/etc/app`, a link to the volume. `readOnly` is not enforced there. No two
 * of the mounts may lie in one another: a link made inside a volume would be made in the volume itself.
 */
export async function linkMounts(root: string, mounts: Mount[]): Promise<void> {
  for (const { source, target } of mounts) {
    const place = below(root, target);
    await mkdir(dirname(place), { recursive: true });
    await symlink(source, place);
  }
}

/** Two mounts of which one lies in the other; undefined when there are none. Throws ConfigError for one at `/`. */
export function nestedMounts(mounts: Mount[]): { outer: Mount; inner: Mount } | undefined {
  const sorted = mounts
    .map((mount) => ({ mount, path: `${normalize(`/${mount.target}`).replace(/\/+$/, '')}/` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted[0]?.path === '/') throw new ConfigError("invalid mount: destination can't be '/'", invalidMount);
  for (const [i, { mount, path }] of sorted.entries()) {
    const outer = sorted[i - 1];
    if (outer && path.startsWith(outer.path)) return { outer: outer.mount, inner: mount };
  }
  return undefined;
}

const invalidMount = 'CreateContainerError';

/**
 * Makes the places at which mounts are to be bound, outer ones first, and answers the mounts in this order. A place
 * inside a volume is made there when it is missing, as container runtimes do; nothing that is there is touched.
 * Throws ConfigError where something else is in the way.
 */
export async function prepareBinds(root: string, mounts: Mount[]): Promise<Mount[]> {
  const outerFirst = [...mounts].sort((a, b) => normalize(a.target).length - normalize(b.target).length);
  for (const [i, mount] of outerFirst.entries()) {
    const { base, file } = placeOf(root, outerFirst.slice(0, i), mount.target);
    const place = await ((await isFolder(mount.source))
      ? makeInside(base, file)
      : makeFileInside(base, file));
    if (place === undefined) throw inTheWay(mount);
  }
  return outerFirst;
}

const inTheWay = ({ source, target }: Mount) =>
  new ConfigError(
    `error mounting ${JSON.stringify(source)} to rootfs at ${JSON.stringify(target)}: Are you trying to mount a directory onto a file (or vice-versa)?`,
    invalidMount,
  );

/** Makes a folder below `base`, one step after another; undefined where a link leads out or a file is in the way. */
export async function makeInside(base: string, folder: string): Promise<string | undefined> {
  const home = await realpath(base);
  let place = home;
  for (const step of relative(base, folder).split(sep).filter(Boolean)) {
    const next = join(place, step);
    await mkdir(next, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    place = await realpath(next).catch(() => '');
    if (!place || !isInside(home, place) || !(await stat(place).catch(() => undefined))?.isDirectory())
      return undefined;
  }
  return place;
}

/** Makes an empty file below `base` unless something that is no folder is there already; undefined as above. */
async function makeFileInside(base: string, file: string): Promise<string | undefined> {
  const folder = await makeInside(base, dirname(file));
  if (folder === undefined) return undefined;
  const place = join(folder, basename(file));
  const there = await lstat(place).catch(() => undefined);
  if (!there) await open(place, 'wx').then((handle) => handle.close());
  const real = await realpath(place).catch(() => '');
  if (!real || !isInside(await realpath(base), real)) return undefined;
  return (await stat(real)).isDirectory() ? undefined : real;
}

/** Returns where a container's path stands; `..` does not lead out. */
export const below = (root: string, path: string): string => join(root, normalize(`/${path}`));

/**
 * The folder to start in: the image's own, or the container's `workingDir` where a volume is mounted there or the
 * image has such a folder below its own; the image's where neither is so, since its program is found from there.
 */
export async function workingFolder(root: string, { workingDir, image, mounts }: Launch): Promise<string> {
  if (!workingDir) return image.workingDir;
  const { base, file } = placeOf(root, mounts, workingDir);
  if (base !== root) await makeInside(base, file);
  if (await isFolder(file)) return below(root, workingDir);
  const inImage = below(image.workingDir, workingDir);
  return (await isFolder(inImage)) ? inImage : image.workingDir;
}

const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
