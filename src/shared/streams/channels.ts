import type { WebSocketEnd } from './websocket/speak.ts';

/** Is what kubectl speaks over an upgraded connection; a byte before each message says which stream it is of. */
export const protocol = 'v5.channel.k8s.io';
/** The same without `close`: input cannot end before the connection does. Other clients speak it. */
export const olderProtocol = 'v4.channel.k8s.io';
/** All of them, best first: with `base64` messages are text, and those without `v4` tell an error in plain words. */
export const olderProtocols = [
  olderProtocol,
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];
export const streams = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;
const normal = 1000;

/** Some output of the program. */
export function write(
  kubectl: WebSocketEnd,
  stream: number,
  bytes: Uint8Array,
  protocol = '',
): Promise<void> {
  return bytes.length ? send(kubectl, stream, bytes, protocol) : Promise.resolve();
}

/** A message of a stream, which may be empty. */
export const send = (
  client: WebSocketEnd,
  stream: number,
  bytes: Uint8Array,
  protocol = '',
): Promise<void> =>
  isText(protocol)
    ? client.send(
        'text',
        Buffer.from(String.fromCharCode(48 + stream) + Buffer.from(bytes).toString('base64')),
      )
    : client.send('binary', Buffer.concat([Buffer.from([stream]), bytes]));

/** The stream of a message and what it says. */
export function received(data: Buffer, protocol: string): [stream: number | undefined, bytes: Buffer] {
  if (!isText(protocol)) return [data[0], data.subarray(1)];
  return [
    data.length ? data[0]! - 48 : undefined,
    Buffer.from(data.subarray(1).toString('latin1'), 'base64'),
  ];
}

const isText = (protocol: string) => protocol.includes('base64');

/** The program is over: with an exit code, or without one because of something. */
export function finish(
  kubectl: WebSocketEnd,
  code: number | undefined,
  why?: string,
  protocol = olderProtocol,
): void {
  const status = statusOf(code, why);
  const text = /^v[45]\./.test(protocol) ? JSON.stringify(status) : (status.message ?? '');
  void write(kubectl, streams.status, Buffer.from(text), protocol);
  // Whatever happened has been said: with another code kubectl would only tell of that.
  kubectl.close(normal);
}

/** As kubelet ends an exec. */
export function statusOf(code: number | undefined, why = 'the session ended without an exit code') {
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
