import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Handle } from '../../shared/api/http/message.ts';
import { nodeHttp } from '../drivers/nodeHttp.ts';
import { ApiRequestOf } from './request.ts';
import { send } from './send.ts';

const { ServerResponse } = nodeHttp;

/** A connection on which nothing at all comes or goes is given up after this, as kubelet does. */
const idleMs = 4 * 3_600_000;
const keepAliveMs = 30_000;
/** Says how long a client may keep its half open once ours is closed. */
const farewellMs = 10_000;

/**
 * Answers a request that asks for another protocol (HTTP/1.1 only). Refused, or answered as any other one, it is the
 * last of its connection; accepted, the connection is the answer's. Rejects what no client can be told.
 */
export async function answerUpgrade(
  incoming: IncomingMessage,
  socket: TLSSocket,
  head: Buffer,
  handle: Handle,
  stallMs: number,
): Promise<void> {
  socket.on('error', () => {});
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket);
  // Over HTTP/1.1 node:http2 hands out the same two classes.
  const response = outgoing as unknown as Http2ServerResponse;
  const request = new ApiRequestOf(incoming as unknown as Http2ServerRequest, response);
  const answer = await handle(request);
  if (!answer.upgrade) {
    await send(answer, request, response, stallMs);
    outgoing.once('finish', () => socket.end());
    return;
  }
  outgoing.detachSocket(socket);
  hand(socket, head, answer.headers, answer.upgrade);
}

function hand(
  socket: TLSSocket,
  head: Buffer,
  headers: Record<string, string | string[]>,
  upgrade: (connection: Duplex) => void,
): void {
  // Gone while its question was looked at: nobody would be told that it is.
  if (socket.destroyed) return;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.once('finish', () => socket.setTimeout(farewellMs));
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
  if (head.length) socket.unshift(head);
  upgrade(socket);
}
