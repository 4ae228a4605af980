import { createWriteStream } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TarEntry, tarEntries } from '../../../local/drivers/images/tarEntries.ts';
import { remotePath, withoutShortcuts } from './filespec.ts';

/** Says where an archive out of a container goes. */
export interface Unpacking {
  /** Every name in the archive begins with it; what else there is was not asked for. */
  prefix: string;
  /** The path here, as it was given. */
  to: string;
  cwd: string;
  warn(line: string): void;
  /** Is the command that takes links along. */
  hint: string;
}

/**
 * Unpacks what a container's tar says, which may be hostile: nothing is written outside of the destination, links are
 * left out. Throws when the archive is broken or holds what was not asked for.
 */
export async function unpack(tar: Readable, unpacking: Unpacking): Promise<void> {
  const { prefix, to, warn } = unpacking;
  let hinted = false;
  for await (const entry of tarEntries(tar)) {
    const { name, type, linkname } = entry.header;
    const place = placeOf(name, unpacking);
    if (place === undefined) {
      warn(
        `warning: file ${JSON.stringify(join(to, name.slice(prefix.length)))} is outside target destination, skipping`,
      );
    } else if (type === 'symlink') {
      const hint = hinted ? '' : ` (consider using "${unpacking.hint}")`;
      warn(`warning: skipping symlink: ${JSON.stringify(place)} -> ${JSON.stringify(linkname)}${hint}`);
      hinted = true;
    } else await write(entry, place, unpacking);
  }
}

/** Undefined for what is outside. */
function placeOf(name: string, { prefix, to }: Unpacking): string | undefined {
  if (!name.startsWith(prefix)) throw new Error('tar contents corrupted');
  const place = join(to, remotePath(name.slice(prefix.length)));
  const way = relative(to, place);
  return way === '' || way === withoutShortcuts(way) ? place : undefined;
}

async function write({ header, body }: TarEntry, place: string, unpacking: Unpacking): Promise<void> {
  const { cwd, warn } = unpacking;
  const path = resolve(cwd, place);
  const isFolder = header.type === 'directory';
  const folder = isFolder ? place : dirname(place);
  await mkdir(resolve(cwd, folder), { recursive: true, mode: 0o755 }).catch((error) =>
    throwFor(`mkdir ${folder}`, error.code === 'EEXIST' ? { ...error, code: 'ENOTDIR' } : error),
  );
  if (isFolder) return;
  if (header.type === 'link') {
    // A second name of a file that came before.
    const first = placeOf(header.linkname ?? '', unpacking);
    if (first === undefined) throw new Error('tar contents corrupted');
    await copyFile(resolve(cwd, first), path).catch((error) => throwFor(`open ${first}`, error));
  } else if (header.type === 'file' || header.type === 'contiguous-file')
    await pipeline(body, createWriteStream(path)).catch((error) => throwFor(`open ${place}`, error));
  else warn(`warning: skipping ${header.type}: ${JSON.stringify(place)}`);
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'not a directory'],
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'read-only file system'],
  ['ENOSPC', 'no space left on device'],
]);

function throwFor(doing: string, error: NodeJS.ErrnoException): never {
  const reason = reasons.get(error.code);
  throw reason ? new Error(`${doing}: ${reason}`) : error;
}
