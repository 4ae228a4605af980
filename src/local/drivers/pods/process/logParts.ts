import { type FileHandle, open } from 'node:fs/promises';
import { parseCriLine, type Rotation } from './criLog.ts';

/** One file of a log that is rotated, and how much of it is whole lines. */
export interface LogPart {
  handle: FileHandle;
  inode: number;
  size: number;
}

const blockBytes = 65_536;

/** The files of a log as they are now, oldest first. */
export async function openLog(file: string, rotation: Rotation): Promise<LogPart[]> {
  const parts: LogPart[] = [];
  // Newest first: one that is rotated meanwhile is met again, and none is missed.
  for (const name of namesOf(file, rotation)) {
    const part = await openPart(name);
    if (part && parts.some(({ inode }) => inode === part.inode)) await part.handle.close();
    else if (part) parts.unshift(part);
  }
  return parts;
}

/** The part that was begun after this one; the oldest where that has gone. Undefined while this one is the newest. */
export async function followingPart(
  file: string,
  rotation: Rotation,
  last: LogPart | undefined,
): Promise<LogPart | undefined> {
  const all = await openLog(file, rotation);
  const at = all.findIndex(({ inode }) => inode === last?.inode);
  const next = all[at + 1];
  for (const part of all) if (part !== next) await part.handle.close();
  return next;
}

/** Returns where in a part its last `count` whole lines begin, and how many of them are missing there. */
export async function tailPosition(
  { handle, size }: LogPart,
  count: number,
): Promise<{ position: number; missing: number }> {
  let missing = count;
  let end = size;
  // The start of the line that is complete in `rest`, walking backwards.
  let rest = Buffer.alloc(0);
  let lineEnd = size;
  while (end > 0) {
    const start = Math.max(0, end - blockBytes);
    const chunk = Buffer.alloc(end - start);
    await handle.read(chunk, 0, chunk.length, start);
    rest = Buffer.concat([chunk, rest.subarray(0, Math.max(0, lineEnd - end))]);
    for (;;) {
      const before = rest.lastIndexOf(10, lineEnd - start - 2);
      if (before < 0 && start > 0) break;
      const line = rest.toString('latin1', before + 1, lineEnd - start - 1);
      if (!parseCriLine(line).partial || lineEnd === size) {
        if (missing === 0) return { position: lineEnd, missing };
        missing--;
      }
      lineEnd = start + before + 1;
      if (before < 0) return { position: 0, missing };
    }
    end = start;
  }
  return { position: 0, missing };
}

/** Newest first. */
const namesOf = (file: string, { maxFiles }: Rotation) =>
  Array.from({ length: maxFiles }, (_, i) => (i ? `${file}.${i}` : file));

async function openPart(name: string): Promise<LogPart | undefined> {
  const handle = await open(name).catch(() => undefined);
  if (!handle) return undefined;
  const { ino: inode, size } = await handle.stat();
  return { handle, inode, size: await wholeLines(handle, size) };
}

/** A line may be on its way into the file just now. */
async function wholeLines(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(Math.min(size, blockBytes));
  const start = size - block.length;
  await handle.read(block, 0, block.length, start);
  return start + block.lastIndexOf(10) + 1;
}
