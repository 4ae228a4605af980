import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { expect, test } from '@jest/globals';
import { listening } from '../../../test/support/transport.ts';
import type { ApiRequest, ApiResponse } from '../../shared/api/http/message.ts';

let answer: (request: ApiRequest) => ApiResponse;
const on = listening(async (call) => answer(call));

const echo = (connection: Duplex) => void connection.pipe(connection);
const switching = (upgrade: (connection: Duplex) => void): ApiResponse => ({
  status: 101,
  headers: { Upgrade: 'echo', Connection: 'Upgrade' },
  body: new Uint8Array(),
  upgrade,
});
const plain = (words: string, status: number): ApiResponse => ({
  status,
  headers: {},
  body: Buffer.from(words),
});

function ask(protocol: string) {
  const { certificate: cert, key } = on.pki.admin;
  const headers = { Connection: 'Upgrade', Upgrade: protocol };
  const sent = request({
    host: '127.0.0.1',
    port: on.transport.port,
    ca: on.pki.ca,
    cert,
    key,
    agent: false,
    headers,
  });
  sent.end();
  return sent;
}

test('an accepted upgrade hands the connection over, with who is there known before', async () => {
  const seen: unknown[] = [];
  answer = (call) => {
    seen.push(call.header('upgrade'), call.peer.certificate?.commonName);
    return switching(echo);
  };
  const [response, socket] = (await once(ask('echo'), 'upgrade')) as [IncomingMessage, Duplex];
  expect([response.statusCode, response.headers.upgrade]).toEqual([101, 'echo']);
  const big = 'x'.repeat(1_000_000);
  socket.end(big);
  expect((await text(socket)).length).toBe(big.length);
  expect(seen).toEqual(['echo', 'kubernetes-admin']);
});

test('what a client sends without waiting for the answer is not lost', async () => {
  answer = () => switching(echo);
  const socket = connect({
    host: '127.0.0.1',
    port: on.transport.port,
    ca: on.pki.ca,
    ALPNProtocols: ['http/1.1'],
  });
  socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nearly$/);
});

test.each([
  ['refused', plain('no', 403), 403, 'no'],
  ['not understood, and answered as if it had not been asked for', plain('yes', 200), 200, 'yes'],
])('an upgrade that is %s', async (_what, answered, status, words) => {
  answer = () => answered;
  const [response] = (await once(ask('other'), 'response')) as [IncomingMessage];
  expect([response.statusCode, await text(response), response.headers.connection]).toEqual([
    status,
    words,
    'close',
  ]);
});

test('closing ends upgraded connections', async () => {
  answer = () => switching((connection) => void connection.resume());
  const [, socket] = (await once(ask('echo'), 'upgrade')) as [IncomingMessage, Duplex];
  socket.resume();
  const ended = once(socket, 'end');
  await on.transport.close();
  await ended;
  socket.destroy();
});
