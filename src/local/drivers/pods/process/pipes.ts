import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { StartError } from '../sandbox.ts';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
/** Says how many sets are made at once: a program has to be started for it. */
const pairs = 16;
/** More are made so long after some have been taken, in milliseconds: what starts then needs the machine first. */
const restMs = 200;
const streams = ['stdout', 'stderr'] as const;
const all = [...streams, 'stdin'];

/** Named pipes, made before they are needed. */
export interface PipeStock {
  /** Puts the pipes `stdin`, `stdout` and `stderr` into a folder. Throws StartError. */
  take(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** `folder` is for this alone, and for no longer than this process. */
export function createPipeStock(folder: string, mkfifo: string, clock: Pick<Clock, 'sleep'>): PipeStock {
  const spare: string[] = [];
  let serial = 0;
  let making: Promise<void> | undefined;
  let isDue = false;
  const closed = new AbortController();

  async function make(): Promise<void> {
    if (serial === 0) await rm(folder, { recursive: true, force: true });
    const fresh = Array.from({ length: pairs }, () => join(folder, String(serial++)));
    for (const pair of fresh) await mkdir(pair, { recursive: true, mode: 0o700 });
    const files = fresh.flatMap((pair) => all.map((name) => join(pair, name)));
    await new Promise<void>((resolve, reject) => {
      execFile(mkfifo, ['-m', '600', ...files], (error) =>
        error ? reject(new StartError(error.message.trim())) : resolve(),
      );
    });
    spare.push(...fresh);
  }

  const more = () => (making ??= make().finally(() => (making = undefined)));
  const moreLater = async () => {
    if (isDue) return;
    isDue = true;
    await clock.sleep(restMs, closed.signal);
    isDue = false;
    if (!closed.signal.aborted && spare.length < pairs / 2) await more().catch(() => {});
  };

  return {
    async take(into) {
      let pair = spare.shift();
      for (; !pair; pair = spare.shift()) await more();
      if (spare.length < pairs / 2) void moreLater();
      await rename(pair, into);
    },
    async close() {
      closed.abort();
      await making?.catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Descriptors of the pipes: for processes that keep them open, and for the program. */
export interface OpenPipes {
  kept: [number, number];
  printed: [number, number];
  /** Undefined where the program has no input. */
  input?: { kept: number; read: number };
  close(): void;
}

export function openPipes(folder: string, withInput: boolean): OpenPipes {
  const open = (flags: number) =>
    streams.map((name) => openSync(join(folder, name), flags)) as [number, number];
  // With somebody who reads, opening for writing waits for nobody.
  const kept = open(O_RDWR | O_NONBLOCK);
  const printed = open(O_WRONLY);
  const stdin = join(folder, 'stdin');
  const input = withInput && { kept: openSync(stdin, O_RDWR | O_NONBLOCK), read: openSync(stdin, O_RDONLY) };
  return {
    kept,
    printed,
    ...(input && { input }),
    close: () => {
      for (const fd of [...kept, ...printed, ...(input ? [input.kept, input.read] : [])]) closeSync(fd);
    },
  };
}

/** Returns what stands in a pipe now, the beginning of it. */
export function peekPipe(file: string): string {
  const fd = openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(4096);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, null)).trim();
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}
