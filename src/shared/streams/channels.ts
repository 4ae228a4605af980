import type { WebSocketServer } from './websocket/server.ts';

/** What kubectl speaks over an upgraded connection; a byte before each message says which stream it is of. */
export const protocol = 'v5.channel.k8s.io';
/** The same without `close`: input cannot end before the connection does. Other clients speak it. */
export const olderProtocol = 'v4.channel.k8s.io';
export const streams = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;
const normal = 1000;

/** Some output of the program. */
export function write(kubectl: WebSocketServer, stream: number, bytes: Uint8Array): Promise<void> {
  if (!bytes.length) return Promise.resolve();
  return kubectl.send('binary', Buffer.concat([Buffer.from([stream]), bytes]));
}

/** The program is over: with an exit code, or without one because of something. */
export function finish(kubectl: WebSocketServer, code: number | undefined, why?: string): void {
  void write(kubectl, streams.status, Buffer.from(JSON.stringify(statusOf(code, why))));
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
