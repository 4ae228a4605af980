import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isInside } from './inside.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/**
 * Reads the end of a regular file, so many bytes at most, and tells its whole size. A program may have put anything there, or
 * put it there while this looks: nothing waits for a pipe, follows a link, reads outside of the folder `home` or more than
 * asked for. Undefined where there is no such file. `home` is a real path.
 */
export async function readRegular(
  file: string,
  mostBytes: number,
  home: string,
): Promise<{ text: string; size: number } | undefined> {
  const handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch(() => undefined);
  try {
    const found = await handle?.stat();
    if (!handle || !found?.isFile() || !(await isOpenInside(handle.fd, home))) return undefined;
    const bytes = Buffer.alloc(Math.min(found.size, mostBytes));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, found.size - bytes.length);
    return { text: bytes.toString('utf8', 0, bytesRead), size: found.size };
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** A folder on the way may have become a link since its path was looked at. Other systems do not tell. */
const isOpenInside = async (fd: number, home: string): Promise<boolean> =>
  process.platform !== 'linux' || isInside(home, await realpath(`/proc/self/fd/${fd}`));
