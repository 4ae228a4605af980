import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { acceptOf } from '../../../shared/streams/websocket/server.ts';
import {
  speakWebSocket,
  type WebSocketEnd,
  type WebSocketEvents,
} from '../../../shared/streams/websocket/speak.ts';
import type { Connection } from '../connection.ts';

/** A WebSocket to an API server. */
export interface OpenWebSocket {
  end: WebSocketEnd;
  /** The one of the protocols offered that the server has chosen. */
  protocol: string;
  /** Is what it goes over, to be cut off. */
  socket: Duplex;
}

/** Opens a WebSocket to what is served at a path. Throws ServerError for a refusal. */
export async function openWebSocket(
  connection: Connection,
  path: string,
  protocols: string[],
  events: (protocol: string) => WebSocketEvents,
): Promise<OpenWebSocket> {
  const key = randomBytes(16).toString('base64');
  const { headers, socket, head } = await connection.upgrade(path, {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': protocols.join(', '),
  });
  if (headers['sec-websocket-accept'] !== acceptOf(key)) {
    socket.destroy();
    throw new Error('unable to upgrade connection: the server has not understood it');
  }
  if (head.length) socket.unshift(head);
  const protocol = String(headers['sec-websocket-protocol'] ?? '');
  return { end: speakWebSocket(socket, events(protocol), 'client'), protocol, socket };
}
