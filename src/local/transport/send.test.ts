import { EventEmitter } from 'node:events';
import type { Http2ServerResponse } from 'node:http2';
import { expect, test } from '@jest/globals';
import type { ApiRequestOf } from './request.ts';
import { send } from './send.ts';

/** Takes what is written to it, and more only when it is told to. */
class Outgoing extends EventEmitter {
  readonly pieces: Uint8Array[] = [];
  headers: Record<string, unknown> = {};
  isEnded = false;
  writeHead(_status: number, headers: Record<string, unknown>) {
    this.headers = headers;
  }
  write(piece: Uint8Array) {
    this.pieces.push(piece);
    return false;
  }
  end(last?: Uint8Array) {
    if (last) this.pieces.push(last);
    this.isEnded = true;
  }
}

const request = {
  header: () => undefined,
  peer: { address: '127.0.0.1' },
  signal: new AbortController().signal,
} as unknown as ApiRequestOf;

test('a long answer is encrypted in pieces, each when the one before has gone', async () => {
  const outgoing = new Outgoing();
  const body = Buffer.alloc(1_000_000, 'ab');
  const sent = send(
    { status: 200, headers: {}, body },
    request,
    outgoing as unknown as Http2ServerResponse,
    60_000,
  );
  for (let count = 1; count <= 8; count++) {
    while (outgoing.pieces.length < count) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(outgoing.pieces).toHaveLength(count);
    outgoing.emit('drain');
  }
  await sent;
  expect(outgoing.isEnded).toBe(true);
  expect(outgoing.headers['content-length']).toBe(body.length);
  expect(Math.max(...outgoing.pieces.map(({ length }) => length))).toBe(128 * 1024);
  expect(Buffer.concat(outgoing.pieces).equals(body)).toBe(true);
});
