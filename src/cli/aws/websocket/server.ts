import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader } from './frames.ts';

/** The server's end of a WebSocket. */
export interface WebSocketServer {
  send(kind: 'binary' | 'text', data: Uint8Array): void;
  /** Ends it with a code of RFC 6455. */
  close(code: number): void;
}

export interface WebSocketEvents {
  message(data: Buffer): void;
  /** The other side left, or broke the protocol. Once. */
  closed(): void;
}

/** Accepts an upgrade and speaks from then on. `protocol` is one of those that the client offered. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  protocol: string | undefined,
  events: WebSocketEvents,
): WebSocketServer {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(String(request.headers['sec-websocket-key']))}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const reader = new FrameReader();
  let over = false;
  const close = (code: number) => {
    if (over) return;
    over = true;
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(code);
    socket.end(encodeFrame('close', reason));
  };
  const take = (bytes: Buffer) => {
    for (const received of reader.take(bytes)) {
      if (received.is === 'close') close(1000);
      else if (received.is === 'ping') socket.write(encodeFrame('pong', received.data));
      else if (received.is !== 'pong') events.message(received.data);
    }
  };
  socket.on('data', (bytes: Buffer) => {
    try {
      take(bytes);
    } catch {
      close(1002);
    }
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    over = true;
    events.closed();
  });
  return {
    send: (kind, data) => {
      if (!over) socket.write(encodeFrame(kind, data));
    },
    close,
  };
}

const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
