import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { startApart } from '../../inherited/startApart.ts';
import { nextLookMs } from '../nextLook.ts';
import type { RunOutput } from '../output/runOutput.ts';
import { StartError } from '../sandbox.ts';
import { sendSignal } from './identity.ts';
import { openPipes, peekPipe } from './pipes.ts';
import { barRun, inspectRun, processOf, type RunFolder } from './runFolder.ts';

/** Says how long signs of change may gather before they are looked at. */
const gatherMs = 5;
/**
 * Says how often a run is looked at where nothing tells of its end; and where only the loss of its wrapper goes untold.
 */
const lookMs = 200;
const watchedLookMs = 5000;

/** A run that is watched: its output goes into its log, its end is noticed. */
export interface WatchedRun {
  readonly output: RunOutput;
  /** Looks at once. Resolves, where it has ended, when all that it printed is in its log. */
  look(): Promise<void>;
  /** Stops watching. */
  close(): void;
}

export interface RunOptions {
  folder: string;
  output: RunOutput;
  clock: Clock;
  /** Undefined for a run that an earlier control plane started. */
  child: RunChild | undefined;
  /** `lost`: it left no word of how it ended. */
  onEnd(lost: boolean): void;
}

/** A run's wrapper as a child of this process. */
export interface RunChild {
  readonly exited: boolean;
  onExit(done: () => void): void;
  /** Ends the process that keeps the run's pipes. */
  release(): void;
  /** Kills the wrapper and what is in its process group. */
  kill(): void;
}

export interface RunCommands {
  holder: string[];
  /** Is what keeps its input open, until that is to end; absent where it has none. */
  input?: string[];
  wrapper: string[];
}

/** Starts what keeps the run's pipes, then its wrapper. Resolves once there are processes. */
export function spawnRun(
  folder: string,
  commands: RunCommands,
  options: { cwd: string; env: Record<string, string> },
): Promise<RunChild> {
  return new Promise((resolve, reject) => {
    const { kept, printed, input, close } = openPipes(join(folder, 'io'), Boolean(commands.input));
    let exited = false;
    let done = () => {};
    const bare = { cwd: folder, env: {} };
    const holder = startApart(commands.holder, ['ignore', ...kept], bare);
    const keeper =
      input && commands.input && startApart(commands.input, [input.kept, 'ignore', 'ignore'], bare);
    const child = startApart(commands.wrapper, [input?.read ?? 'ignore', ...printed], options);
    close();
    // They stay when the control plane goes.
    for (const each of [holder, keeper, child]) each?.unref();
    keeper?.once('error', () => {});
    holder.once('error', () => {});
    child.once('error', (error) => {
      holder.kill('SIGKILL');
      reject(new StartError(error.message));
    });
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
        release: () => void holder.kill('SIGKILL'),
        kill: () => {
          if (!exited && child.pid) sendSignal(-child.pid, 'SIGKILL');
        },
      }),
    );
  });
}

/** A run that is not claimed for so long has lost its claim to its own program, or its wrapper hangs. */
const claimMs = 60_000;

/** Resolves once the wrapper has made the run its own, a few milliseconds later. Throws StartError when it has not. */
export async function claimed(
  folder: string,
  child: Pick<RunChild, 'exited' | 'release' | 'kill'>,
  clock: Clock,
): Promise<void> {
  const began = clock.now();
  while (inspectRun(folder, clock.now()).kind === 'unclaimed') {
    const gone = child.exited;
    if (gone && inspectRun(folder, clock.now()).kind === 'unclaimed') {
      const why = peekPipe(join(folder, 'io', 'stderr'));
      child.release();
      throw new StartError(why || 'its process could not start');
    }
    if (clock.now() - began >= claimMs && barRun(folder)) {
      child.kill();
      child.release();
      throw new StartError('its process has not begun within a minute');
    }
    await clock.sleep(nextLookMs(clock.now() - began));
  }
}

export function watchRun({ folder, output, clock, child, onEnd }: RunOptions): WatchedRun {
  const closed = new AbortController();
  let ending: Promise<void> | undefined;
  let gathering = false;

  const look = async (): Promise<void> => {
    if (ending || closed.signal.aborted) return ending;
    const state: RunFolder = inspectRun(folder, clock.now());
    if (state.kind === 'ended' || state.kind === 'barred') ending ??= end(state);
    return ending;
  };
  const end = async (state: RunFolder) => {
    watcher?.close();
    closed.abort();
    await output.finish();
    // What started it knows its holder, also before that has written down its number.
    child?.release();
    for (const role of ['holder', 'input'] as const) {
      const keeper = processOf(folder, role);
      if (keeper) sendSignal(keeper.pid, 'SIGKILL');
    }
    onEnd(state.kind === 'ended' && Boolean(state.lost));
  };
  const soon = async () => {
    if (gathering) return;
    gathering = true;
    await clock.sleep(gatherMs, closed.signal);
    gathering = false;
    await look();
  };
  const watcher = watchFolder(folder, soon);
  const poll = async () => {
    while (!closed.signal.aborted) {
      await clock.sleep(watcher ? watchedLookMs : lookMs, closed.signal);
      await look();
    }
  };
  void poll();
  void soon();
  child?.onExit(() => void look());

  return {
    output,
    look,
    close() {
      if (closed.signal.aborted) return;
      watcher?.close();
      output.close();
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
