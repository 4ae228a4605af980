import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { httpGet, type Outcome } from './actions.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any');
    const location = pathname === '/loop' ? '/loop' : searchParams.get('to');
    if (location !== null) return void response.writeHead(302, { location }).end('moved');
    if (pathname !== '/never') response.writeHead(Number(pathname.slice(1))).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, timeoutMs = 60_000): Promise<Outcome> =>
  httpGet({ port, path }, '127.0.0.1', { name: 'c' }, timeoutMs);
const to = (place: string) => `/moved?to=${encodeURIComponent(place)}`;

test.each<[string, string, () => string, Outcome]>([
  ['a success', 'is one', () => '/200', { ok: true, message: '' }],
  ['a failure', 'is one', () => '/500', { ok: false, message: 'HTTP probe failed with statuscode: 500' }],
  ['a redirect to the same host', 'is followed', () => to('/200'), { ok: true, message: '' }],
  [
    'a redirect to what fails on the same host',
    'fails',
    () => to(`http://127.0.0.1:${port}/503`),
    { ok: false, message: 'HTTP probe failed with statuscode: 503' },
  ],
  [
    'a redirect to another host',
    'is not followed, and told',
    () => to(`http://localhost:${port}/500`),
    { ok: true, message: '', warning: 'Probe terminated redirects, Response body: moved' },
  ],
])('%s %s', async (_, __, path, outcome) => {
  expect(await get(path())).toEqual(outcome);
});

test('an answer that came while this process got no turn is no late one', async () => {
  const asked = get('/200', 400);
  await new Promise((resolve) => process.nextTick(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(await asked).toEqual({ ok: true, message: '' });
});

test('a circle of redirects fails after ten, and what does not answer when its time is over', async () => {
  const loop = `http://127.0.0.1:${port}/loop`;
  expect(await get('/loop')).toEqual({ ok: false, message: `Get "${loop}": stopped after 10 redirects` });
  expect((await get('/never', 1)).message).toBe(
    `Get "http://127.0.0.1:${port}/never": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
  );
});
