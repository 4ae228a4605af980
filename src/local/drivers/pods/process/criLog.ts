import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
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

  /** Goes on with what an earlier writer left; half a line at the end, written when that was killed, is cut. */
  constructor(file: string, rotation: Rotation) {
    this.#file = file;
    this.#rotation = rotation;
    this.#fd = openSync(file, 'a+', 0o600);
    this.#size = wholeLines(this.#fd);
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

/** Returns how many bytes of a log are whole lines. No line is longer than one block. */
function wholeLines(fd: number): number {
  const { size } = fstatSync(fd);
  const block = Buffer.alloc(Math.min(size, 65_536));
  readSync(fd, block, 0, block.length, size - block.length);
  return size - block.length + block.lastIndexOf(10) + 1;
}

/** Bytes are kept one a character, so that nothing is lost of what is no UTF-8. */
export function parseCriLine(line: string): LogLine {
  const [time = '', , tag] = line.split(' ', 3);
  // After the time come ` stdout F ` or ` stderr P `: ten characters.
  return { time, text: line.slice(time.length + 10), ...(tag === 'P' && { partial: true }) };
}

/** `stdout` or `stderr`. */
export const streamOf = (line: string): string | undefined => line.split(' ', 2)[1];

/** Every file that a log may have been rotated into, the newest first. */
export const logFiles = (log: string, { maxFiles }: Rotation): string[] => [
  log,
  ...Array.from({ length: maxFiles }, (_, i) => `${log}.${i + 1}`),
];
