import { createWriteStream } from 'node:fs';
import { chmod, lchown, link, lstat, lutimes, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Header } from 'tar-stream';
import { resolveIn } from '../pods/native/containerPath.ts';
import { type TarEntry, tarEntries } from './tarEntries.ts';

/** Describes how much an image may unpack to; what is beyond is refused and not cut short. */
export interface Limits {
  bytes: number;
  entries: number;
}

export const usualLimits: Limits = { bytes: 32 * 2 ** 30, entries: 2_000_000 };

/** An archive that cannot be an honest image's; the message says which entry, and why. */
export class HostileArchive extends Error {}

export interface LayerOptions {
  /** Is what is left for this layer and those after it. */
  budget: Limits;
  /** Says whether files get the owners that the layer says; only root can give them. */
  owners: boolean;
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Lays one layer, a tar stream, over what stands in `root`. Names and links are followed inside the root only, and
 * never by the system; an entry that would lead out is refused by name.
 */
export async function applyLayer(
  root: string,
  tar: Readable,
  { budget, owners }: LayerOptions,
): Promise<void> {
  const view = { root, mounts: [] };
  /** Is what this layer brought, for those of its folders that hide what was in them before. */
  const brought = new Set<string>();
  /** Set last, since a folder's own entries change its time, and its mode may forbid them. */
  const folders: { inside: string; target: string; header: Header }[] = [];

  const apply = async ({ header, body }: TarEntry) => {
    const name = checkedName(header.name);
    if (--budget.entries < 0) throw new HostileArchive(`${name}: too many entries`);
    const base = posix.basename(name);
    const parent = resolveIn(view, posix.dirname(name));
    if (!parent.stat) await mkdir(parent.host, { recursive: true, mode: 0o755 });
    else if (!parent.stat.isDirectory()) throw new HostileArchive(`${name}: ${parent.path} is not a folder`);
    if (name === '.' && header.type !== 'directory')
      throw new HostileArchive(`${header.name}: the root of an image is a folder, and not a ${header.type}`);
    const target = name === '.' ? root : join(parent.host, base);
    const inside = posix.join(parent.path, base);
    if (base === opaque) return clear(parent.host, brought);
    if (base.startsWith(whiteout)) {
      if (base.startsWith(`${whiteout}${whiteout}`)) return;
      const hidden = base.slice(whiteout.length);
      if (!hidden || hidden === '.' || hidden === '..')
        throw new HostileArchive(`${name}: an invalid whiteout`);
      return rm(join(parent.host, hidden), { recursive: true, force: true });
    }
    brought.add(target);
    const there = await lstat(target).catch(() => undefined);
    if (there && !(there.isDirectory() && header.type === 'directory'))
      await rm(target, { recursive: true, force: true });
    if (header.type === 'directory') {
      if (!there?.isDirectory()) await mkdir(target, { mode: 0o700 });
      folders.push({ inside, target, header });
    } else await make(body, header, name, target);
  };

  const make = async (body: Readable, header: Header, name: string, target: string) => {
    switch (header.type) {
      case 'file':
      case 'contiguous-file':
        budget.bytes -= header.size;
        if (budget.bytes < 0) throw new HostileArchive(`${name}: unpacked, the image would be too big`);
        await pipeline(body, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
        if (owners) await lchown(target, header.uid, header.gid);
        await chmod(target, header.mode & 0o7777);
        await setTime(target, header);
        return;
      case 'symlink':
        await symlink(header.linkname, target);
        if (owners) await lchown(target, header.uid, header.gid);
        return;
      case 'link': {
        const to = resolveIn(view, checkedName(header.linkname), { followLast: false });
        if (!to.stat?.isFile() && !to.stat?.isSymbolicLink())
          throw new HostileArchive(`${name}: it links to ${header.linkname}, which is no file before it`);
        return link(to.host, target);
      }
      default:
        // Images made from whole systems bring a few devices, which every container gets anew.
        if (name.split('/')[0] === 'dev') return;
        throw new HostileArchive(`${name}: an entry of type ${header.type} does not belong into an image`);
    }
  };

  for await (const entry of tarEntries(tar)) await apply(entry);
  for (const { inside, target, header } of folders.reverse()) {
    // A later entry of the layer may have taken its place, or that of a folder above it: a link leads elsewhere.
    const { host, stat } = resolveIn(view, inside, { followLast: false });
    if (host !== target || !stat?.isDirectory()) continue;
    if (owners) await lchown(target, header.uid, header.gid);
    const mode = header.mode & 0o7777;
    await chmod(target, owners ? mode : mode | 0o700);
    await setTime(target, header);
  }
}

/** The entry's path below the root, from which an absolute one begins (kaniko writes `/`). Throws HostileArchive. */
function checkedName(name: string): string {
  const plain = posix.normalize(name).replace(/^\/+|\/+$/g, '') || '.';
  if (name.split('/').includes('..')) throw new HostileArchive(`${name}: a path with ".."`);
  if (name.includes('\0') || Buffer.byteLength(name) > 4096)
    throw new HostileArchive(`${name.slice(0, 80)}: an invalid name`);
  return plain;
}

const setTime = async (path: string, { mtime }: Header): Promise<void> => {
  if (mtime) await lutimes(path, mtime, mtime);
};

/** Removes what was in a folder before this layer. */
async function clear(folder: string, brought: Set<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (!brought.has(path)) await rm(path, { recursive: true, force: true });
    else if (entry.isDirectory()) await clear(path, brought);
  }
}
