import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { LogLine } from '../../../../shared/podspec/logLines.ts';

export interface Rotation {
  maxBytes: number;
  /** The current file and the older ones together. */
  maxFiles: number;
}

export const kubeletRotation: Rotation = { maxBytes: 10 * 1024 * 1024, maxFiles: 5 };

/** A log in CRI's format: `2006-01-02T15:04:05.000000000Z stdout F line`. Older parts are `<file>.1`, `<file>.2`, … */
export class CriLog {
  readonly #file: string;
  readonly #rotation: Rotation;
  #fd: number;
  #size: number;

  /** Opens it where an earlier writer knew it to be whole: anything after `size` is cut. */
  constructor(file: string, rotation: Rotation, size: number) {
    this.#file = file;
    this.#rotation = rotation;
    this.#fd = openSync(file, 'a', 0o600);
    this.#size = Math.min(size, fstatSync(this.#fd).size);
    ftruncateSync(this.#fd, this.#size);
  }

  get size(): number {
    return this.#size;
  }

  append(lines: Buffer): void {
    writeSync(this.#fd, lines);
    this.#size += lines.length;
  }

  /** Answers whether it began a new file. */
  rotate(): boolean {
    if (this.#size < this.#rotation.maxBytes) return false;
    closeSync(this.#fd);
    for (let i = this.#rotation.maxFiles - 1; i > 0; i--) {
      const from = i === 1 ? this.#file : `${this.#file}.${i - 1}`;
      if (existsSync(from)) renameSync(from, `${this.#file}.${i}`);
    }
    this.#fd = openSync(this.#file, 'a', 0o600);
    this.#size = 0;
    return true;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export const criLine = (time: string, stream: string, partial: boolean, text: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${time} ${stream} ${partial ? 'P' : 'F'} `), text, Buffer.from('\n')]);

/** The files of a log, oldest first. */
export async function logFiles(file: string, { maxFiles }: Rotation): Promise<string[]> {
  const names = Array.from({ length: maxFiles - 1 }, (_, i) => `${file}.${maxFiles - 1 - i}`);
  const there = await Promise.all(
    [...names, file].map((name) =>
      stat(name).then(
        () => name,
        () => '',
      ),
    ),
  );
  return there.filter(Boolean);
}

/** Bytes are kept one a character, so that nothing is lost of what is no UTF-8. */
export function parseCriLine(line: string): LogLine {
  const [time = '', , tag] = line.split(' ', 3);
  // After the time come ` stdout F ` or ` stderr P `: ten characters.
  return { time, text: line.slice(time.length + 10), ...(tag === 'P' && { partial: true }) };
}

/** `stdout` or `stderr`. */
export const streamOf = (line: string): string | undefined => line.split(' ', 2)[1];

/** Where in a file its last `count` whole lines begin, and how many of them are missing there. */
export async function tailPosition(
  file: string,
  count: number,
): Promise<{ position: number; missing: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    let missing = count;
    let end = size;
    // The start of the line that is complete in `rest`, walking backwards.
    let rest = Buffer.alloc(0);
    let lineEnd = size;
    while (end > 0) {
      const start = Math.max(0, end - 65_536);
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
  } finally {
    await handle.close();
  }
}
