import { spawn } from 'node:child_process';
import { closeSync, type FSWatcher, openSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { StartError } from '../sandbox.ts';
import type { Rotation } from './criLog.ts';
import { LogTail } from './logTail.ts';
import { inspectRun, type RunFolder } from './runFolder.ts';

/** How long output may gather before it is taken over. */
const gatherMs = 10;
/** How often a run is looked at where nothing tells of output; and where only the loss of its wrapper goes untold. */
const lookMs = 500;
const adoptedLookMs = 5000;

/** A run that is watched: its output goes into its log, its end is noticed. */
export interface WatchedRun {
  readonly ended: boolean;
  /** Resolves at the next output or at the end. */
  more(signal?: AbortSignal): Promise<void>;
  /** Looks at once. */
  look(): void;
  /** Stops watching. */
  close(): void;
}

export interface RunOptions {
  folder: string;
  logFile: string;
  clock: Clock;
  rotation: Rotation;
  /** `lost`: it left no word of how it ended. */
  onEnd(lost: boolean): void;
}

/** A run's wrapper as a child of this process. */
export interface RunChild {
  readonly exited: boolean;
  onExit(done: () => void): void;
}

/** Starts the wrapper. Resolves once there is a process. */
export function spawnRun(
  folder: string,
  [program = '', ...args]: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<RunChild> {
  const stdout = openSync(join(folder, 'stdout'), 'a', 0o600);
  const stderr = openSync(join(folder, 'stderr'), 'a', 0o600);
  return new Promise((resolve, reject) => {
    let exited = false;
    let done = () => {};
    // A session of its own, so that it stays when the control plane goes.
    const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', stdout, stderr] });
    closeSync(stdout);
    closeSync(stderr);
    child.unref();
    child.once('error', (error) => reject(new StartError(error.message)));
    child.once('exit', () => {
      exited = true;
      done();
    });
    child.once('spawn', () =>
      resolve({
        get exited() {
          return exited;
        },
        onExit(then) {
          done = then;
          if (exited) then();
        },
      }),
    );
  });
}

/** Resolves once the wrapper has made the run its own, a few milliseconds later. Throws when it could not. */
export async function claimed(folder: string, child: RunChild, clock: Clock): Promise<void> {
  while (inspectRun(folder, clock.now()).kind === 'unclaimed') {
    const gone = child.exited;
    if (gone && inspectRun(folder, clock.now()).kind === 'unclaimed')
      throw new StartError(
        readFileSync(join(folder, 'stderr'), 'utf8').trim() || 'its process could not start',
      );
    await clock.sleep(2);
  }
}

export function watchRun({ folder, logFile, clock, rotation, onEnd }: RunOptions, own: boolean): WatchedRun {
  const tail = new LogTail(folder, logFile, clock, rotation);
  const closed = new AbortController();
  const waiting = new Set<() => void>();
  let ended = false;
  let gathering = false;

  const say = () => {
    for (const wake of [...waiting]) wake();
  };
  const look = () => {
    if (ended || closed.signal.aborted) return;
    const state: RunFolder = inspectRun(folder, clock.now());
    ended = state.kind === 'ended' || state.kind === 'barred';
    if (tail.pump(ended) || ended) say();
    if (!ended) return;
    watcher?.close();
    tail.close();
    closed.abort();
    onEnd(state.kind === 'ended' && Boolean(state.lost));
  };
  const soon = async () => {
    if (gathering) return;
    gathering = true;
    await clock.sleep(gatherMs, closed.signal);
    gathering = false;
    look();
  };
  const watcher = watchFolder(folder, soon);
  const poll = async () => {
    for (;;) {
      await clock.sleep(watcher ? adoptedLookMs : lookMs, closed.signal);
      if (closed.signal.aborted) return;
      look();
    }
  };
  // Its parent hears of the end of its own children and needs to look only where nothing tells of output.
  if (!own || !watcher) void poll();
  void soon();

  return {
    get ended() {
      return ended;
    },
    look,
    more: (signal) =>
      new Promise((resolve) => {
        const done = () => {
          waiting.delete(done);
          signal?.removeEventListener('abort', done);
          closed.signal.removeEventListener('abort', done);
          resolve();
        };
        if (closed.signal.aborted || signal?.aborted) return resolve();
        waiting.add(done);
        signal?.addEventListener('abort', done);
        closed.signal.addEventListener('abort', done);
      }),
    close() {
      if (closed.signal.aborted) return;
      watcher?.close();
      tail.close();
      closed.abort();
    },
  };
}

/** Undefined where the system has no more watches to give. */
function watchFolder(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
