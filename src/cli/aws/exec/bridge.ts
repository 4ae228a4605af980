import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { finish, protocol, streams, write } from '../../../shared/streams/channels.ts';
import { acceptWebSocket } from '../../../shared/streams/websocket/server.ts';
import type { DataChannel } from '../session/channel.ts';
import { connectSession, type Session } from '../session/connect.ts';

/** Describes how a command's streams go over a session. */
export type Talking = (ends: {
  /** To kubectl. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** The last word to kubectl; the first counts. */
  finish(code: number | undefined, why?: string): void;
  /** To the session; resolves when more may follow. */
  send(bytes: Uint8Array): Promise<void>;
}) => {
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Nothing more is read before it resolves. */
  input(bytes: Uint8Array): Promise<void>;
  inputEnd(): void;
  /** kubectl is gone, of which the session hears nothing by itself. Resolves when that is on its way. */
  left(): Promise<void>;
  ended(end: { code?: number; why?: string }): void;
};

/** Joins kubectl's connection with a session: streams through, the exit code as a Status at the end. */
export function bridge(request: IncomingMessage, socket: Duplex, session: Session, talking: Talking): void {
  const talk = talking({
    write: (stream, bytes) => void write(kubectl, streams[stream], bytes),
    finish: (code, why) => finish(kubectl, code, why),
    send: (bytes) => channel.input(bytes),
  });
  const { channel, leave } = connectSession(session, talk);
  const kubectl = acceptWebSocket(request, socket, protocol, {
    message: (data) => {
      const [stream, bytes] = [data[0], data.subarray(1)];
      if (stream === streams.stdin) return talk.input(bytes);
      if (stream === streams.resize) resize(channel, bytes);
      else if (stream === streams.close && bytes[0] === streams.stdin) talk.inputEnd();
    },
    // What is not acknowledged may never have come: the agent may not even have begun.
    closed: () =>
      void talk
        .left()
        .then(() => channel.taken())
        .then(leave),
  });
}

function resize(channel: DataChannel, bytes: Uint8Array): void {
  const { Width, Height } = JSON.parse(Buffer.from(bytes).toString());
  if (Width > 0 && Height > 0) channel.resize(Width, Height);
}
