import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { text } from '../../shared/api/http/answer.ts';
import { openPki, type Pki } from '../pki/index.ts';
import { type Acceptor, createAcceptor } from './index.ts';

let folder: string;
let pki: Pki;
let acceptor: Acceptor;
let server: Server;
const errors: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-acceptor-'));
  pki = await openPki(folder, ['127.0.0.1'], Date.now());
});
afterEach(async () => {
  server.close();
  await acceptor.close();
  expect(errors.splice(0)).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true }));

async function connected(requestMs?: number): Promise<TLSSocket> {
  acceptor = createAcceptor({
    handle: async ({ target }) => text(200, `asked for ${target}`),
    tls: { ca: pki.ca, ...pki.server },
    onError: (error) => void errors.push(error),
    ...(requestMs && { requestMs }),
  });
  server = createServer(acceptor.accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca: pki.ca });
  await once(socket, 'secureConnect');
  return socket;
}

/** Returns what comes up to the end of the connection, be it a clean one or not. */
async function received(socket: TLSSocket): Promise<string> {
  let got = '';
  socket
    .on('error', () => {})
    .on('data', (chunk) => {
      got += String(chunk);
    });
  await new Promise((resolve) => socket.once('close', resolve));
  return got;
}

test.each([
  ['nothing', ''],
  ['half a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: '],
])('a client that sends %s and no more is cut off', async (_, sent) => {
  const socket = await connected(100);
  socket.write(sent);
  await received(socket);
});

test('one that has asked in time is answered, and may ask again later', async () => {
  const socket = await connected();
  socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(String(first)).toContain('asked for /a');
  socket.write('GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await received(socket)).toContain('asked for /b');
});

test.each([
  ['as large as a token may be are taken', 30_000, 'asked for /'],
  ['that no client of a kubelet sends are not', 100_000, ''],
])('headers %s', async (_, size, expected) => {
  const socket = await connected();
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: ${'a'.repeat(size)}\r\n\r\n`);
  expect((await received(socket)).split('\r\n\r\n')[1] ?? '').toBe(expected);
});
