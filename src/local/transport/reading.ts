import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { ApiResponse } from '../../shared/api/http/message.ts';

/**
 * Has node's parser of HTTP/1.1 read a connection by its events from before the first answer that may wait to be written out.
 * Where the parser reads the connection itself, which costs less, it pauses while so much waits that node holds the writer back,
 * gets the rest of what TLS has decrypted all the same, takes that for a mistake of the client (HPE_PAUSED) and cuts it off: a
 * large request right after a large answer was reset. A listener of data ends that for as long as the connection lasts.
 */
export function readByEventsBefore({ body }: ApiResponse, outgoing: Http2ServerResponse): void {
  if (outgoing.stream) return;
  // Over HTTP/1.1 node:http2 hands out node:http's class, whose socket is absent while an answer before it is under way.
  const { socket, req } = outgoing as unknown as ServerResponse;
  if (socket && body instanceof Uint8Array && isFarFromFull(socket, body.length)) return;
  const nothing = () => {};
  req.socket.on('data', nothing).off('data', nothing);
}

/** Half is left for headers. */
const isFarFromFull = ({ writableLength, writableHighWaterMark }: Socket, bytes: number): boolean =>
  writableLength + bytes < writableHighWaterMark / 2;
