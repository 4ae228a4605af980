import type { Duplex } from 'node:stream';
import { nodeHttp } from '../local/drivers/nodeHttp.ts';

const { STATUS_CODES } = nodeHttp;

/** Answers a request for another protocol with no more than JSON that says why not, and ends the connection. */
export function refuseUpgrade(socket: Duplex, code: number, json: string): void {
  socket.end(
    [
      `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(json)}`,
      'Connection: close',
      '',
      json,
    ].join('\r\n'),
  );
}
