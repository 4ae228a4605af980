import type { Writable } from 'node:stream';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ExecOptions } from '../../../../shared/ports/cloud.ts';
import type { Guest } from '../process/guest.ts';
import { StartError } from '../sandbox.ts';
import { takeLeave } from '../takeLeave.ts';
import type { ExecInspect } from './answers.ts';
import type { EngineClient } from './client.ts';
import type { EndGuest } from './endGuest.ts';
import { type ProgramStreams, programStreams } from './programStreams.ts';
import { isStatus, startFailure } from './words.ts';

/** Output that is still to come once a command has ended comes within this; more often something holds the stream. */
const idleMs = 100;
/** Says how often the engine is asked for what it tells by no event. */
const lookMs = 200;
const startingMs = 5;
const confirmMs = 2000;
/** Is what a command that could not be found exits with, whichever engine says it. */
const notStarted = [126, 127];

export interface EngineGuest extends Guest {
  /** Has it looked whether the command has ended. */
  look(): void;
  /** Tells it that the container is gone, with every process in it. */
  containerEnded(): void;
}

export interface ExecParts {
  client: EngineClient;
  clock: Clock;
  /** The id of the container. */
  container: string;
  options: ExecOptions;
  endGuest: EndGuest;
}

/** Keys that let go of a terminal and leave its command running: none that anybody types. */
export const detachKeys = 'ctrl-@,ctrl-_,ctrl-@,ctrl-_';

/** Runs a command beside a container's program. Resolves once it runs; throws StartError. */
export async function startExec(parts: ExecParts): Promise<EngineGuest> {
  const { client, container, options, endGuest } = parts;
  const { stdin, tty, command } = options;
  const { Id: id } = await refused(
    client.ask<{ Id: string }>('POST', `/containers/${container}/exec`, {
      body: {
        Cmd: command,
        AttachStdin: stdin,
        AttachStdout: true,
        AttachStderr: true,
        Tty: tty,
        DetachKeys: detachKeys,
        Env: [...(tty ? ['TERM=xterm'] : []), ...endGuest.env],
      },
    }),
  );
  const connection = await refused(client.hijack(`/exec/${id}/start`, { body: { Detach: false, Tty: tty } }));
  // A command that has ended takes no more input; that is told by its exit.
  connection.on('error', () => {});
  const streams = programStreams(connection, options);
  await confirmStarted(parts, id, streams);
  return guestOf(parts, id, connection, streams);
}

/** An engine that refuses a command says why. */
const refused = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    if (isStatus(error, 404, 409)) throw new StartError('its program is not running');
    throw new StartError(startFailure(error.message) ?? error.message);
  });

const inspect = ({ client }: ExecParts, id: string): Promise<ExecInspect> =>
  client.ask<ExecInspect>('GET', `/exec/${id}/json`).catch((error) => {
    if (isStatus(error, 404, 500)) return { Running: false, ExitCode: 137 };
    throw error;
  });

/**
 * A program that is not there has come to an end with the runtime's complaint as its only output. Podman's answer says
 * of a command that begins what it says of one that ended well: its output, or the end of that, tells which it is.
 */
async function confirmStarted(parts: ExecParts, id: string, streams: ProgramStreams): Promise<void> {
  const { clock } = parts;
  for (const until = clock.now() + confirmMs; clock.now() < until; await clock.sleep(startingMs)) {
    const isOver = streams.isOver;
    const { Running, ExitCode, Pid } = await inspect(parts, id);
    // Docker says that it runs before it has a process.
    if (Running && Pid) return;
    const why = startFailure(streams.head());
    const maybeNever = notStarted.includes(ExitCode ?? 0);
    if (why && maybeNever) throw new StartError(why);
    // The complaint may still be on its way.
    if (isOver || (ExitCode && !maybeNever)) return;
    if (!why && streams.progress().received > 0) return;
  }
}

function guestOf(parts: ExecParts, id: string, input: Writable, streams: ProgramStreams): EngineGuest {
  const { client, clock, options, endGuest } = parts;
  const { stdin, stdout, stderr, tty } = options;
  const over = new AbortController();
  let wake = Promise.withResolvers<void>();
  let [isLeft, isGone] = [false, false];
  const end = (signal: 'HUP' | 'TERM' | 'KILL') => void endGuest.signal(id, signal).catch(() => {});

  const ended = async (): Promise<number> => {
    await Promise.race([streams.ended, wake.promise]);
    for (;;) {
      const wasGone = isGone;
      const { Running, ExitCode } = await inspect(parts, id);
      if (!Running) return ExitCode ?? 137;
      if (wasGone) return 137;
      wake = Promise.withResolvers();
      await Promise.race([wake.promise, clock.sleep(lookMs)]);
    }
  };
  const exitCode = ended()
    .catch(() => 137)
    .then(async (code) => {
      over.abort();
      await drained(streams, clock, () => isLeft);
      return code;
    });

  return {
    exitCode,
    look: () => wake.resolve(),
    containerEnded() {
      isGone = true;
      wake.resolve();
    },
    kill: () => end('KILL'),
    ...(stdin && { stdin: input }),
    ...(stdout && { stdout: streams.read('stdout') }),
    ...(stderr && !tty && { stderr: streams.read('stderr') }),
    ...(tty && {
      resize: (w: number, h: number) =>
        void client.ask('POST', `/exec/${id}/resize`, { query: { w, h } }).catch(() => {}),
    }),
    close() {
      isLeft = true;
      if (over.signal.aborted) return streams.close();
      input.end();
      void takeLeave({ clock, over: over.signal, hadInput: stdin, tty, signal: end });
    },
  };
}

/** Waits until all that a command printed was read, if anybody is there. What it left running may hold the stream. */
async function drained(streams: ProgramStreams, clock: Clock, isLeft: () => boolean): Promise<void> {
  for (let before = -1; !streams.isOver; ) {
    const { received, isRead } = streams.progress();
    if (isLeft() || (isRead && received === before)) break;
    before = isRead ? received : -1;
    await Promise.race([streams.ended, clock.sleep(idleMs)]);
  }
  streams.close();
}
