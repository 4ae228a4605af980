import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ExecOptions, PodProcess } from '../../../../shared/ports/cloud.ts';
import { startApart } from '../../inherited/startApart.ts';
import { StartError } from '../sandbox.ts';
import { takeLeave } from '../takeLeave.ts';
import { sendSignal } from './identity.ts';
import { inTerminal, resizeTerminal } from './terminal.ts';

/** Output that is still to come once a command has ended comes within this; more often something holds the pipes. */
const idleMs = 100;

export interface GuestOptions extends Omit<ExecOptions, 'command'> {
  cwd: string;
  env: Record<string, string>;
  clock: Clock;
  /** The command line that runs one where the Pod's address is. */
  wrap(command: string[]): string[];
}

/** A command that runs beside a container's program, in a process group of its own. */
export interface Guest extends PodProcess {
  /** Ends its whole group at once. */
  kill(): void;
}

/** Starts it. Resolves once there is a process; throws StartError. */
export async function startGuest(command: string[], options: GuestOptions): Promise<Guest> {
  const { cwd, tty, wrap } = options;
  const launch = tty ? inTerminal(command, options) : { command, env: options.env };
  return new Promise((resolve, reject) => {
    const child = startApart(wrap(launch.command), ['pipe', 'pipe', 'pipe', tty ? 'pipe' : 'ignore'], {
      cwd,
      env: launch.env,
    });
    child.once('error', (error) => reject(new StartError(error.message)));
    child.once('spawn', () => resolve(guestOf(child, options)));
  });
}

/** Standard input, output and errors, and the pipe on which a terminal is named. */
type Pipes = [Writable, Readable, Readable, Readable | null];

function guestOf(child: ChildProcess, { stdin, stdout, stderr, tty, clock }: GuestOptions): Guest {
  const [input, output, errors, names] = child.stdio as unknown as Pipes;
  // A command that has ended takes no more input; that is told by its exit.
  input.on('error', () => {});
  if (!stdin) input.end();
  keepOrDrop(output, stdout);
  keepOrDrop(errors, stderr && !tty);
  const kill = () => void (child.pid && sendSignal(-child.pid, 'SIGKILL'));
  const over = new AbortController();
  let isLeft = false;
  const exitCode = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      over.abort();
      void drained([output, errors], clock, () => isLeft).then(() =>
        resolve(code ?? 128 + signalNumber(signal)),
      );
    });
  });
  return {
    exitCode,
    kill,
    ...(stdin && { stdin: input }),
    ...(stdout && { stdout: untilClosed(output) }),
    ...(stderr && !tty && { stderr: untilClosed(errors) }),
    ...(tty && names && { resize: resizeTerminal(names) }),
    close() {
      isLeft = true;
      // Not its output: it would die of that before it heard the signal.
      input.end();
      const { pid } = child;
      if (over.signal.aborted || !pid) return;
      void takeLeave({
        ...{ clock, over: over.signal, hadInput: stdin, tty },
        signal: (name) => void sendSignal(-pid, `SIG${name}`),
      });
    },
  };
}

/** What comes before somebody reads is kept, also at the end: node would drop it then, unless it is listened for. */
function keepOrDrop(pipe: Readable, isWanted: boolean): void {
  if (isWanted) pipe.on('readable', () => {});
  else pipe.resume();
}

/**
 * Waits until all that a command printed was read, if anybody is there. What it left running may hold the pipes: then
 * they are closed.
 */
async function drained(pipes: Readable[], clock: Clock, isLeft: () => boolean): Promise<void> {
  for (let before = -1; ; ) {
    const open = pipes.filter((pipe) => !pipe.closed);
    if (!open.length) return;
    const waiting = open.every((pipe) => pipe.readableLength === 0);
    const read = open.reduce((sum, pipe) => sum + (pipe as Readable & { bytesRead: number }).bytesRead, 0);
    if (isLeft() || (waiting && read === before)) {
      for (const pipe of open) pipe.destroy();
      return;
    }
    before = waiting ? read : -1;
    await clock.sleep(idleMs);
  }
}

/** A pipe that was closed from here has ended. */
async function* untilClosed(pipe: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* pipe;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

const signalNumber = (signal: NodeJS.Signals | null): number => (signal ? constants.signals[signal] : 0);
