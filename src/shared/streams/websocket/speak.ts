import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { writeTo } from '../write.ts';
import { encodeFrame, FrameReader, type Side } from './frames.ts';

/** One end of a WebSocket. */
export interface WebSocketEnd {
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

/** Speaks on a connection whose upgrade was accepted. */
export function speakWebSocket(socket: Duplex, events: WebSocketEvents, side: Side = 'server'): WebSocketEnd {
  const reader = new FrameReader(side === 'server' ? 'client' : 'server');
  const encoded = (kind: 'text' | 'binary' | 'close' | 'ping' | 'pong', data: Uint8Array) =>
    encodeFrame(kind, data, side === 'client' ? randomBytes(4) : undefined);
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
    socket.end(encoded('close', reason));
  };
  const take = async (bytes: Buffer) => {
    for (const received of reader.take(bytes)) {
      if (over) return;
      if (received.is === 'close') {
        close(1000);
        left();
      } else if (received.is === 'ping') socket.write(encoded('pong', received.data));
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
      if (!over) await writeTo(socket, encoded(kind, data));
    },
    ping: () => {
      if (!over) socket.write(encoded('ping', Buffer.alloc(0)));
    },
    close,
  };
}
