import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { writeTo } from '../write.ts';
import { encodeFrame, FrameReader } from './frames.ts';

/** The server's end of a WebSocket. */
export interface WebSocketServer {
  /** Resolves when the other side has taken enough for more to follow, or is gone. */
  send(kind: 'binary' | 'text', data: Uint8Array): Promise<void>;
  /** Asks for a sign of life: by that a client that is gone is noticed even while nothing is read of it. */
  ping(): void;
  /** Ends it with a code of RFC 6455. */
  close(code: number): void;
}

export interface WebSocketEvents {
  /** Nothing more is read before a promise it answers is done. */
  message(data: Buffer): void | Promise<void>;
  /** The other side left, or broke the protocol. Once. */
  closed(): void;
}

/** Accepts an upgrade and speaks from then on. `protocol` is one of those that the client offered. */
export function acceptWebSocket(
  request: { headers: Record<string, string | string[] | undefined> },
  socket: Duplex,
  protocol: string | undefined,
  events: WebSocketEvents,
): WebSocketServer {
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

/** Speaks on a connection whose upgrade was accepted. */
export function speakWebSocket(socket: Duplex, events: WebSocketEvents): WebSocketServer {
  const reader = new FrameReader();
  let over = false;
  let isLeft = false;
  const left = () => {
    if (isLeft) return;
    isLeft = over = true;
    events.closed();
  };
  const close = (code: number) => {
    if (over) return;
    over = true;
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(code);
    socket.end(encodeFrame('close', reason));
  };
  const take = async (bytes: Buffer) => {
    for (const received of reader.take(bytes)) {
      if (over) return;
      if (received.is === 'close') {
        close(1000);
        left();
      } else if (received.is === 'ping') socket.write(encodeFrame('pong', received.data));
      else if (received.is !== 'pong') await events.message(received.data);
    }
  };
  socket.on('data', (bytes: Buffer) => {
    socket.pause();
    void take(bytes)
      .catch(() => {
        close(1002);
        left();
      })
      .finally(() => socket.resume());
  });
  socket.on('error', () => {});
  // Without a word of farewell: the program at the other end was killed.
  socket.once('end', () => {
    socket.end();
    left();
  });
  socket.once('close', left);
  return {
    send: async (kind, data) => {
      if (!over) await writeTo(socket, encodeFrame(kind, data));
    },
    ping: () => {
      if (!over) socket.write(encodeFrame('ping', Buffer.alloc(0)));
    },
    close,
  };
}

const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
