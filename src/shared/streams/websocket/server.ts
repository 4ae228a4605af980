import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { speakWebSocket, type WebSocketEnd, type WebSocketEvents } from './speak.ts';

/** Accepts an upgrade and speaks from then on. `protocol` is one of those that the client offered. */
export function acceptWebSocket(
  request: { headers: Record<string, string | string[] | undefined> },
  socket: Duplex,
  protocol: string | undefined,
  events: WebSocketEvents,
): WebSocketEnd {
  const headers = handshake(String(request.headers['sec-websocket-key']), protocol);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
  return speakWebSocket(socket, events);
}

/** The headers that accept an upgrade. */
export const handshake = (key: string, protocol: string | undefined): Record<string, string> => ({
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Accept': acceptOf(key),
  ...(protocol && { 'Sec-WebSocket-Protocol': protocol }),
});

/** Returns the word by which a server shows that it has understood an upgrade. */
export const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
