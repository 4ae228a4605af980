import type { Duplex } from 'node:stream';
import type { PodStreams } from '../../../ports/cloud.ts';
import { finish, received, send, statusOf, streams, write } from '../../../streams/channels.ts';
import { type SpdySession, type SpdyStream, speakSpdy } from '../../../streams/spdy/session.ts';
import { speakWebSocket } from '../../../streams/websocket/speak.ts';
import { writeTo } from '../../../streams/write.ts';

/** The client at the other end of a command. */
export interface Remote {
  /** Resolves when more may be written. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  /** Sends a ping, so that a lost client is noticed even while nothing is read from it. */
  ping(): void;
  /** Reports the end of the command, with its exit code or with why there is none, and ends the connection. */
  finish(code: number | undefined, why?: string): void;
}

/** Receives what the other end of a command sends. */
export interface RemoteEvents {
  /** Nothing more is read before it resolves. */
  input(bytes: Uint8Array): Promise<void>;
  inputEnd(): void;
  resize(columns: number, rows: number): void;
  /** Once, however it came to it. */
  gone(): void;
}

/** One of `v5.channel.k8s.io` and its elders: a byte, or a digit, before each message says which stream it is of. */
export function overChannels(
  connection: Duplex,
  events: RemoteEvents,
  wanted: PodStreams,
  protocol: string,
): Remote {
  const socket = speakWebSocket(connection, {
    message: (data) => {
      const [stream, bytes] = received(data, protocol);
      if (stream === streams.stdin) return events.input(bytes);
      if (stream === streams.resize) resized(bytes, events);
      else if (stream === streams.close && bytes[0] === streams.stdin) events.inputEnd();
    },
    closed: events.gone,
  });
  // Some clients wait for a first message, and real servers send it.
  const first = wanted.stdout ? 'stdout' : wanted.stderr ? 'stderr' : 'status';
  void send(socket, streams[first], new Uint8Array(), protocol);
  return {
    write: (stream, bytes) => write(socket, streams[stream], bytes, protocol),
    ping: () => socket.ping(),
    finish: (code, why) => finish(socket, code, why, protocol),
  };
}

/** A stream of SPDY each; resolves once the client has opened those it wants. */
export function overSpdy(connection: Duplex, events: RemoteEvents, wanted: PodStreams): Promise<Remote> {
  const missing = new Set([
    'error',
    ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => wanted[name]),
  ]);
  const open = new Map<string, SpdyStream>();
  return new Promise((resolve) => {
    const session = carried(connection, events.gone, (stream) => {
      const type = stream.headers.streamtype ?? '';
      open.set(type, stream);
      if (type === 'stdin') void readAll(stream, events.input).then(events.inputEnd);
      else if (type === 'resize') void readAll(stream, async (bytes) => resized(bytes, events));
      else stream.resume();
      if (missing.delete(type) && !missing.size) resolve(remoteOf(connection, session, open));
    });
  });
}

const remoteOf = (connection: Duplex, session: SpdySession, open: Map<string, SpdyStream>): Remote => ({
  ping: () => session.ping(),
  write: async (name, bytes) => {
    const stream = open.get(name);
    if (stream && bytes.length) await writeTo(stream, bytes);
  },
  finish(code, why) {
    for (const name of ['stdout', 'stderr']) open.get(name)?.end();
    open.get('error')?.end(JSON.stringify(statusOf(code, why)), () => connection.end());
  },
});

/** SPDY on a connection as it is. */
export function carried(
  connection: Duplex,
  gone: () => void,
  opened: (stream: SpdyStream) => void,
): SpdySession {
  const session = speakSpdy(
    { send: (bytes) => writeTo(connection, bytes), close: () => connection.end() },
    opened,
  );
  connection.on('data', (bytes: Buffer) => {
    connection.pause();
    void session
      .receive(bytes)
      .catch(() => connection.destroy())
      .finally(() => connection.resume());
  });
  connection.on('error', () => {});
  connection.once('end', () => connection.end());
  connection.once('close', () => {
    session.end();
    gone();
  });
  return session;
}

async function readAll(stream: SpdyStream, take: (bytes: Buffer) => Promise<void>): Promise<void> {
  try {
    for await (const bytes of stream) await take(bytes as Buffer);
  } catch {
    // Reset: there is no more of it either.
  }
}

function resized(bytes: Uint8Array, { resize }: RemoteEvents): void {
  const { Width, Height } = JSON.parse(Buffer.from(bytes).toString());
  if (Width > 0 && Height > 0) resize(Width, Height);
}
