import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import { LogWriter, type StreamName } from './logWriter.ts';
import type { News, RunFiles } from './messages.ts';

/** More than any pipe holds: a program that never stops printing cannot delay readers of what it printed before. */
const pipeBytes = 1024 * 1024;
/** Says how much of a stream may be on its way to somebody who watches before the program has to wait. */
const tapBytes = 256 * 1024;
/** Says how often it is told that a log has grown, at most. */
const tellMs = 10;

/** One run whose pipes are read, in the pump's thread. Reading is what holds a program back that prints too fast. */
export class PumpedRun {
  readonly #run: number;
  readonly #tell: (news: News) => void;
  readonly #writer: LogWriter;
  readonly #pipes: Socket[];
  #taken = 0;
  /** Says how much had been taken when it was last told that there is more. */
  #told = 0;
  #isFollowed = false;
  #willTell = false;
  /** Undefined while nobody watches; otherwise how many bytes may still be passed on. */
  #credit: number | undefined;

  constructor(run: number, { pipes, log, checkpoint, rotation }: RunFiles, tell: (news: News) => void) {
    this.#run = run;
    this.#tell = tell;
    this.#writer = new LogWriter(log, checkpoint, rotation, () => systemClock.now());
    this.#pipes = (['stdout', 'stderr'] as const).flatMap((name) => {
      const pipe = openPipe(join(pipes, name));
      pipe?.on('data', (bytes: Buffer) => this.#take(name, bytes));
      return pipe ? [pipe] : [];
    });
  }

  /** Says whether somebody waits for more than was told of. */
  follow(on: boolean): void {
    this.#isFollowed = on;
    if (on && this.#told !== this.#taken) void this.#grew();
  }

  /** Says whether somebody watches the streams themselves. */
  tap(on: boolean): void {
    this.#credit = on ? tapBytes : undefined;
    if (!on) this.#resume();
  }

  allow(bytes: number): void {
    if (this.#credit === undefined) return;
    this.#credit += bytes;
    if (this.#credit > 0) this.#resume();
  }

  /** Resolves once everything that was in the pipes has been taken. */
  async drain(): Promise<void> {
    const enough = this.#taken + pipeBytes;
    for (let before = -1; this.#taken !== before && this.#taken < enough; ) {
      before = this.#taken;
      // Between two turns of the event loop each pipe is looked at once.
      await turn();
      await turn();
    }
  }

  async finish(): Promise<void> {
    // Every watcher gets all of it: it is no more than the pipes hold.
    this.allow(Number.POSITIVE_INFINITY);
    await this.drain();
    this.#writer.finish();
  }

  close(): void {
    for (const pipe of this.#pipes) pipe.destroy();
    this.#writer.close();
  }

  #take(stream: StreamName, bytes: Buffer): void {
    this.#taken += bytes.length;
    this.#writer.take(stream, bytes);
    if (this.#isFollowed) void this.#grew();
    if (this.#credit === undefined) return;
    this.#tell({ kind: 'chunk', run: this.#run, stream, bytes });
    this.#credit -= bytes.length;
    if (this.#credit <= 0) for (const pipe of this.#pipes) pipe.pause();
  }

  #resume(): void {
    for (const pipe of this.#pipes) pipe.resume();
  }

  async #grew(): Promise<void> {
    if (this.#willTell) return;
    this.#willTell = true;
    await systemClock.sleep(tellMs);
    this.#willTell = false;
    this.#told = this.#taken;
    this.#tell({ kind: 'grew', run: this.#run });
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Undefined for what is no pipe, or no longer there: its program may have put anything in its place. */
function openPipe(file: string): Socket | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  if (fstatSync(fd).isFIFO()) {
    const pipe = new Socket({ fd, readable: true, writable: false });
    return pipe.on('error', () => pipe.destroy());
  }
  closeSync(fd);
  return undefined;
}
