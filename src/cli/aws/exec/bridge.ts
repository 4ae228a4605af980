import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { finish, protocol, streams, write } from '../../../shared/streams/channels.ts';
import { acceptWebSocket } from '../../../shared/streams/websocket/server.ts';
import { DataChannel } from '../session/channel.ts';
import { ExitCodeReader } from './script.ts';

const endOfInput = Buffer.from([4]);
const tickMs = 500;

export interface Session {
  streamUrl: string;
  tokenValue: string;
}

/** Joins kubectl's connection with a session: streams through, the exit code as a Status at the end. */
export function bridge(request: IncomingMessage, socket: Duplex, session: Session): void {
  const remote = new WebSocket(session.streamUrl);
  remote.binaryType = 'arraybuffer';
  const exit = new ExitCodeReader();
  const end = (told: number | undefined, why?: string) => {
    const last = exit.end();
    if ('rest' in last) void write(kubectl, streams.stdout, last.rest);
    finish(kubectl, told ?? ('code' in last ? last.code : undefined), why);
  };
  const channel = new DataChannel({
    socket: { send: (data) => remote.send(data as string), close: () => remote.close() },
    token: session.tokenValue,
    uuid: randomUUID,
    now: Date.now,
    output: (stream, bytes) =>
      void write(kubectl, streams[stream], stream === 'stdout' ? exit.take(bytes) : bytes),
    ended: ({ code, why }) => end(code, why),
  });
  const kubectl = acceptWebSocket(request, socket, protocol, {
    message: (data) => {
      const [stream, bytes] = [data[0], data.subarray(1)];
      if (stream === streams.stdin) channel.input(bytes);
      else if (stream === streams.resize) resize(channel, bytes);
      else if (stream === streams.close && bytes[0] === streams.stdin) channel.input(endOfInput);
    },
    closed: () => {
      clearInterval(ticking);
      remote.close();
    },
  });
  const ticking = setInterval(() => channel.tick(), tickMs);
  remote.addEventListener('open', () => channel.open());
  remote.addEventListener('message', ({ data }) => {
    try {
      channel.receive(new Uint8Array(data as ArrayBuffer));
    } catch {
      remote.close();
    }
  });
  remote.addEventListener('close', () => channel.closed());
}

function resize(channel: DataChannel, bytes: Uint8Array): void {
  const { Width, Height } = JSON.parse(Buffer.from(bytes).toString());
  if (Width > 0 && Height > 0) channel.resize(Width, Height);
}
