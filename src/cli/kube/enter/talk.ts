import type { Duplex } from 'node:stream';
import { olderProtocol, protocol, received, send, streams } from '../../../shared/streams/channels.ts';
import type { WebSocketEnd } from '../../../shared/streams/websocket/speak.ts';
import type { Input, Io } from '../../verb.ts';
import type { Connection } from '../connection.ts';
import type { Status } from '../failure.ts';
import { openWebSocket } from './webSocket.ts';

/** Describes a command or program to speak with, and who speaks. */
export interface Talk {
  /** Of the subresource, with what is wanted of it. */
  path: string;
  /** Is what it is told. Absent: nothing. */
  input?: Input;
  /** Whether both ends are terminals. */
  tty: boolean;
  /** Nothing more comes before a promise it answers is done. */
  stdout(chunk: Uint8Array): void | Promise<void>;
  stderr(chunk: Uint8Array): void;
}

/** Speaks with a program in a container until it ends, and answers its exit code. Throws when it cannot be had, or its input breaks off. */
export async function talk(
  connection: Connection,
  wanted: Talk,
  io: Pick<Io, 'interrupted'>,
): Promise<number> {
  let status: Status | undefined;
  let broken: unknown;
  let isOver = false;
  const over = Promise.withResolvers<void>();
  const opened = await openWebSocket(connection, wanted.path, [protocol, olderProtocol], (spoken) => ({
    message: (data) => {
      const [stream, bytes] = received(data, spoken);
      if (stream === streams.stdout) return wanted.stdout(bytes);
      if (stream === streams.stderr) wanted.stderr(bytes);
      else if (stream === streams.status) status = statusIn(bytes);
    },
    closed: () => {
      isOver = true;
      over.resolve();
    },
  }));
  const { end, protocol: spoken, socket } = opened;
  const leave = endOn(io.interrupted, socket);
  const { input } = wanted;
  try {
    if (input)
      pass(input, end, spoken).catch((error) => {
        // What is closed as the program is over fails nobody; any other failure would let the program wait for ever.
        if (isOver) return;
        broken = error;
        socket.destroy();
      });
    if (input && wanted.tty) enterTerminal(input, end);
    await over.promise;
  } finally {
    leave();
    if (wanted.tty) input?.terminal?.setRaw(false);
    input?.close();
  }
  io.interrupted.throwIfAborted();
  if (broken) throw broken;
  return codeOf(status);
}

/** Cuts a connection when the user wants the command to end; until what it answers is called. */
export function endOn(signal: AbortSignal, socket: Duplex): () => void {
  const end = () => void socket.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return () => signal.removeEventListener('abort', end);
}

/** Older protocols cannot tell that the input has ended. */
async function pass(input: Input, end: WebSocketEnd, spoken: string): Promise<void> {
  for await (const chunk of input.chunks) await send(end, streams.stdin, chunk);
  if (spoken === protocol) await send(end, streams.close, Buffer.from([streams.stdin]));
}

function enterTerminal({ terminal }: Input, end: WebSocketEnd): void {
  if (!terminal) return;
  const tellSize = () => {
    const { columns, rows } = terminal.size();
    void send(end, streams.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  };
  terminal.setRaw(true);
  terminal.onResize(tellSize);
  tellSize();
}

function statusIn(bytes: Buffer): Status {
  try {
    return JSON.parse(bytes.toString()) as Status;
  } catch {
    return { status: 'Failure', message: bytes.toString() };
  }
}

function codeOf(status: Status | undefined): number {
  if (!status) throw new Error('the connection was closed before the command ended');
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (status.reason === 'NonZeroExitCode' && cause) return Number(cause.message);
  throw new Error(status.message ?? 'unknown error');
}
