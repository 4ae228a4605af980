import type { Duplex } from 'node:stream';
import { createFrameParser, createRawParser, type StreamName } from './frames.ts';

/** Says how much of a stream may wait for its reader before the program has to. */
const mostWaiting = 256 * 1024;
/** Says how much of what comes first is kept for whoever asks why a program did not start. */
const headBytes = 4096;

/** The streams of a program over a connection that an engine has given over. */
export interface ProgramStreams {
  /** Returns what comes of a stream, until it ends. */
  read(stream: StreamName): AsyncGenerator<Uint8Array>;
  /** Returns what came first, of both streams. */
  head(): string;
  /** Resolves when nothing more will come. */
  readonly ended: Promise<void>;
  readonly isOver: boolean;
  /** Returns how many bytes have come, and whether all of them have been read. */
  progress(): { received: number; isRead: boolean };
  /** Lets go of the connection; what has come can still be read. */
  close(): void;
}

export interface Wanted {
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/** Streams that nobody wants are dropped as they come. */
export function programStreams(connection: Duplex, { stdout, stderr, tty }: Wanted): ProgramStreams {
  const parse = tty ? createRawParser() : createFrameParser();
  const wanted: Record<StreamName, boolean> = { stdout, stderr };
  const queues: Record<StreamName, Buffer[]> = { stdout: [], stderr: [] };
  const { promise: ended, resolve: hasEnded } = Promise.withResolvers<void>();
  let [waiting, received] = [0, 0];
  let head = Buffer.alloc(0);
  let isOver = false;
  let next = Promise.withResolvers<void>();

  const wake = () => {
    next.resolve();
    next = Promise.withResolvers();
  };
  const end = () => {
    if (isOver) return;
    isOver = true;
    hasEnded();
    wake();
  };
  connection.on('data', (chunk: Buffer) => {
    for (const { stream, bytes } of parse(chunk)) {
      received += bytes.length;
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)]);
      if (!wanted[stream]) continue;
      queues[stream].push(bytes);
      waiting += bytes.length;
    }
    if (waiting > mostWaiting) connection.pause();
    wake();
  });
  for (const event of ['end', 'close', 'error']) connection.on(event, end);

  return {
    async *read(stream) {
      const queue = queues[stream];
      for (;;) {
        while (queue.length) {
          // Engines send few bytes at a time.
          const bytes = queue.length === 1 ? queue[0]! : Buffer.concat(queue);
          queue.length = 0;
          yield bytes;
          waiting -= bytes.length;
          if (waiting <= mostWaiting) connection.resume();
        }
        if (isOver) return;
        await next.promise;
      }
    },
    head: () => head.toString(),
    ended,
    get isOver() {
      return isOver;
    },
    progress: () => ({ received, isRead: waiting === 0 }),
    close: () => void connection.destroy(),
  };
}
