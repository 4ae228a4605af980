import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Conversation } from './conversation.ts';

const exchange = fc.oneof(
  fc.constant({ request: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', response: 'HTTP/1.1 204 No Content\r\n\r\n' }),
  fc.constant({
    request: 'HEAD / HTTP/1.1\r\n\r\n',
    response: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
  }),
  fc.nat(300).map((n) => ({
    request: `POST /x HTTP/1.1\r\ncontent-length: ${n}\r\n\r\n${'\n'.repeat(n)}`,
    response: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ${n}\r\n\r\n${'\r'.repeat(n)}`,
  })),
  fc.array(fc.integer({ min: 1, max: 40 })).map((sizes) => {
    const body = sizes.map((n) => `${n.toString(16)};x=y\r\n${'\r\n'.repeat(n).slice(0, n)}\r\n`).join('');
    const chunked = `Transfer-Encoding: chunked\r\n\r\n${body}0\r\nTrailer: t\r\n\r\n`;
    return { request: `PUT / HTTP/1.1\r\n${chunked}`, response: `HTTP/1.1 200 OK\r\n${chunked}` };
  }),
);

/** The text in pieces of these lengths, over and over. */
function pieces(text: string, lengths: number[]): Buffer[] {
  const all = Buffer.from(text, 'latin1');
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < all.length; i++) {
    const length = lengths[i % lengths.length]!;
    parts.push(all.subarray(at, at + length));
    at += length;
  }
  return parts;
}

test('however the bytes are cut, a connection is idle exactly between exchanges', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), lengths, (exchanges, cuts) => {
      const http = new Conversation();
      for (const { request, response } of exchanges) {
        expect(http.idle).toBe(true);
        for (const part of pieces(request, cuts)) {
          http.request(part);
          expect(http.idle).toBe(false);
        }
        const answer = pieces(response, cuts);
        for (const [i, part] of answer.entries()) {
          expect(http.idle).toBe(false);
          http.response(part);
          if (i < answer.length - 1) expect(http.repeatable).toBe(false);
        }
      }
      expect(http).toMatchObject({ understood: true, idle: true, closing: false });
    }),
  );
});

test('pipelined requests are idle only after the last answer', () => {
  const http = new Conversation();
  http.request(Buffer.from('GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n'));
  expect(http.repeatable).toBe(false);
  http.response(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  expect(http.idle).toBe(false);
  http.response(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  expect(http.idle).toBe(true);
});

test('only a request that may be repeated is repeatable, with all its bytes', () => {
  const get = new Conversation();
  get.request(Buffer.from('GET / HTTP/1.1\r\n'));
  get.request(Buffer.from('Host: a\r\n\r\n'));
  expect(get.repeatable).toBe(true);
  expect(Buffer.concat(get.repeat()).toString()).toBe('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const post = new Conversation();
  post.request(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n'));
  expect(post.repeatable).toBe(false);
});

test.each([
  { why: 'TLS', request: '\x16\x03\x01\x02\x00' },
  { why: 'HTTP/2', request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { why: 'two lengths', request: 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n' },
  {
    why: 'length and chunks',
    request: 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
  { why: 'an endless head', request: `GET /${'x'.repeat(70_000)}` },
])('$why is not understood, and only forwarded', ({ request }) => {
  const http = new Conversation();
  http.request(Buffer.from(request, 'latin1'));
  expect(http.understood).toBe(false);
  expect(http.repeatable).toBe(false);
});

test.each([
  {
    why: 'a switch of protocols',
    response: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
  },
  { why: 'an answer that is not HTTP', response: '+PONG\r\n' },
])('$why ends the understanding', ({ response }) => {
  const http = new Conversation();
  http.request(Buffer.from('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'));
  http.response(Buffer.from(response));
  expect(http.understood).toBe(false);
});

test.each([
  { why: 'the client asks so', request: 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n' },
  { why: 'HTTP/1.0', request: 'GET / HTTP/1.0\r\n\r\n' },
])('the connection closes after the answer: $why', ({ request }) => {
  const http = new Conversation();
  http.request(Buffer.from(request));
  expect(http.closing).toBe(true);
});
