import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Control files are smaller than this. */
export const mostBytes = 4096;

/**
 * Reads a small file that stands where a program may have put anything else in its place: a pipe that nobody writes
 * to, a link to elsewhere, a gigabyte. Undefined for whatever is no file of ours.
 */
export function readControlFile(file: string): { text: string; changedAt: number } | undefined {
  let fd: number;
  try {
    fd = openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.size > mostBytes) return undefined;
    const bytes = Buffer.alloc(found.size);
    const length = readSync(fd, bytes, 0, bytes.length, 0);
    return { text: bytes.toString('utf8', 0, length).trim(), changedAt: Math.round(found.mtimeMs) };
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
