import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { logTime } from '../../../../shared/podspec/logLines.ts';
import { CriLog, criLine, type Rotation } from './criLog.ts';

const chunkBytes = 256 * 1024;
/** A longer line is written in parts, as CRI runtimes do. */
const lineBytes = 16 * 1024;
/** A file of a stream is emptied once it is this long and all of it was taken over. */
const emptyAt = 1024 * 1024;

interface Stream {
  name: 'stdout' | 'stderr';
  fd: number;
  /** How much of it stands in the log. */
  taken: number;
}

/**
 * Takes what a run prints into its log. The run writes to plain files, which need nobody to read them; the time of a
 * line is when it was seen, for lines printed while no control plane was there the time of the last of them. A
 * checkpoint after each step lets another control plane go on exactly there: nothing is lost, nothing twice.
 */
export class LogTail {
  readonly #clock: Clock;
  readonly #log: CriLog;
  readonly #streams: Stream[];
  readonly #checkpoint: number;
  #closed = false;
  #adopted: boolean;

  constructor(folder: string, logFile: string, clock: Clock, rotation: Rotation) {
    this.#clock = clock;
    const known = readCheckpoint(join(folder, 'taken'));
    this.#adopted = known !== undefined;
    this.#streams = (['stdout', 'stderr'] as const).map((name) => {
      const fd = openSync(join(folder, name), 'a+', 0o600);
      const taken = known?.[name] ?? 0;
      return { name, fd, taken: taken > fstatSync(fd).size ? 0 : taken };
    });
    this.#log = new CriLog(logFile, rotation, known?.log ?? 0);
    this.#checkpoint = openSync(join(folder, 'taken'), known ? 'r+' : 'w+', 0o600);
    if (!known) this.#save();
  }

  /** Takes over what is there; `last` when nothing more will come. Answers whether there was anything. */
  pump(last = false): boolean {
    if (this.#closed) return false;
    let any = false;
    for (const stream of this.#streams) while (this.#take(stream, last)) any = true;
    this.#adopted = false;
    return any;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { fd } of this.#streams) closeSync(fd);
    closeSync(this.#checkpoint);
    this.#log.close();
  }

  #take(stream: Stream, last: boolean): boolean {
    const { size, mtimeMs } = fstatSync(stream.fd);
    const buffer = Buffer.alloc(Math.min(chunkBytes, Math.max(0, size - stream.taken)));
    const length = buffer.length ? readSync(stream.fd, buffer, 0, buffer.length, stream.taken) : 0;
    const time = logTime(
      this.#adopted ? Math.min(this.#clock.now(), Math.round(mtimeMs)) : this.#clock.now(),
    );
    const { lines, used } = cut(
      buffer.subarray(0, length),
      time,
      stream.name,
      last && stream.taken + length >= size,
    );
    if (!used) return false;
    this.#log.append(lines);
    stream.taken += used;
    this.#save();
    if (this.#log.rotate()) this.#save();
    if (stream.taken >= emptyAt && stream.taken === fstatSync(stream.fd).size) {
      ftruncateSync(stream.fd, 0);
      stream.taken = 0;
      this.#save();
    }
    return true;
  }

  #save(): void {
    const [out, err] = this.#streams;
    const text = JSON.stringify({ stdout: out!.taken, stderr: err!.taken, log: this.#log.size });
    // Of one length, so that a shorter one leaves nothing of a longer one behind.
    writeSync(this.#checkpoint, text.padEnd(96), 0);
  }
}

/** Whole lines, and parts of those that are too long; with `end` also what has no line feed. */
function cut(bytes: Buffer, time: string, stream: string, end: boolean): { lines: Buffer; used: number } {
  const lines: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const feed = bytes.indexOf(10, at);
    const stop = feed < 0 ? bytes.length : feed;
    if (stop - at > lineBytes) {
      lines.push(criLine(time, stream, true, bytes.subarray(at, at + lineBytes)));
      at += lineBytes;
    } else if (feed >= 0) {
      lines.push(criLine(time, stream, false, bytes.subarray(at, feed)));
      at = feed + 1;
    } else if (end) {
      lines.push(criLine(time, stream, true, bytes.subarray(at)));
      at = bytes.length;
    } else break;
  }
  return { lines: Buffer.concat(lines), used: at };
}

function readCheckpoint(file: string): { stdout: number; stderr: number; log: number } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
