import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { DataChannel } from '../session/channel.ts';
import { acceptWebSocket } from '../websocket/server.ts';
import { ExitCodeReader } from './script.ts';

/** What kubectl speaks over the connection; a byte before each message says which stream it is of. */
export const protocol = 'v5.channel.k8s.io';
const streams = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 };
const endOfInput = Buffer.from([4]);
const tickMs = 500;
const [normal, broken] = [1000, 1011];

export interface Session {
  streamUrl: string;
  tokenValue: string;
}

/** Joins kubectl's connection with a session: streams through, the exit code as a Status at the end. */
export function bridge(request: IncomingMessage, socket: Duplex, session: Session): void {
  const remote = new WebSocket(session.streamUrl);
  remote.binaryType = 'arraybuffer';
  const exit = new ExitCodeReader();
  const tell = (stream: number, bytes: Uint8Array) =>
    kubectl.send('binary', Buffer.concat([Buffer.from([stream]), bytes]));
  const write = (stream: number, bytes: Uint8Array) => bytes.length && tell(stream, bytes);

  const finish = (told: number | undefined, why?: string) => {
    const end = exit.end();
    if ('rest' in end) write(streams.stdout, end.rest);
    const code = told ?? ('code' in end ? end.code : undefined);
    tell(streams.status, Buffer.from(JSON.stringify(statusOf(code, why))));
    kubectl.close(code === undefined ? broken : normal);
  };
  const channel = new DataChannel({
    socket: { send: (data) => remote.send(data as string), close: () => remote.close() },
    token: session.tokenValue,
    uuid: randomUUID,
    now: Date.now,
    output: (stream, bytes) => write(streams[stream], stream === 'stdout' ? exit.take(bytes) : bytes),
    ended: ({ code, why }) => finish(code, why),
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

/** As kubelet ends an exec. */
function statusOf(code: number | undefined, why = 'the session ended without an exit code') {
  if (code === 0) return { metadata: {}, status: 'Success' };
  if (code === undefined)
    return { metadata: {}, status: 'Failure', message: why, reason: 'InternalError', code: 500 };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
