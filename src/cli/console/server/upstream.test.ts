import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openUpstream, type Upstream } from './upstream.ts';

let folder: string;
let api: Server;
let upstream: Upstream | undefined;
let time = 0;
/** The tokens that came, and those that the server refuses. */
const came: string[] = [];
const refused = new Set<string>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-upstream-'));
  came.length = 0;
  refused.clear();
  time = 0;
  api = createServer(({ headers }, response) => {
    const token = headers.authorization?.split(' ')[1] ?? '';
    came.push(token);
    response.writeHead(refused.has(token) ? 401 : 200).end('{"items":[]}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  upstream?.close();
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const place = () => ({
  ...{ context: 'here', namespace: 'default' },
  server: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
});
const open = (more: object) =>
  openUpstream({ ...place(), ...more }, new AbortController().signal, () => time);
const ask = () => upstream!.with((connection) => connection.json({ path: '/' }));

/** A credential plugin that gives token-1, token-2, and so on. */
function plugin(seconds?: number) {
  const script = join(folder, 'plugin.mjs');
  const count = join(folder, 'count');
  const status = seconds === undefined ? {} : { expirationTimestamp: new Date(seconds * 1000).toISOString() };
  writeFileSync(count, '0');
  writeFileSync(
    script,
    `import { readFileSync, writeFileSync } from 'node:fs';
     const n = Number(readFileSync('${count}', 'utf8')) + 1;
     writeFileSync('${count}', String(n));
     console.log(JSON.stringify({ status: { ...${JSON.stringify(status)}, token: 'token-' + n } }));`,
  );
  return { exec: { command: process.execPath, args: [script] }, runs: () => readFileSync(count, 'utf8') };
}

test('a plugin is asked once, and again a minute before its token ends', async () => {
  const { exec, runs } = plugin(900);
  upstream = open({ exec });
  await Promise.all([ask(), ask()]);
  time = 839_000;
  await ask();
  expect(runs()).toBe('1');
  time = 841_000;
  await ask();
  expect(came).toEqual(['token-1', 'token-1', 'token-1', 'token-2']);
});

test('however many wait when it ends, one asks the plugin, and its connections go on', async () => {
  const { exec, runs } = plugin(900);
  let opened = 0;
  api.on('connection', () => opened++);
  upstream = open({ exec });
  await ask();
  time = 841_000;
  // Each token ends when the first did, so every round asks again.
  await Promise.all(Array.from({ length: 5 }, ask));
  expect(runs()).toBe('2');
  const before = opened;
  for (let round = 0; round < 3; round++) await ask();
  expect([runs(), opened]).toEqual(['5', before]);
});

test('many whose token is refused at once have it renewed once', async () => {
  const { exec, runs } = plugin();
  upstream = open({ exec });
  await ask();
  refused.add('token-1');
  await Promise.all(Array.from({ length: 5 }, ask));
  expect(runs()).toBe('2');
});

test('a token that is refused is renewed once, and what was asked is asked again', async () => {
  const { exec, runs } = plugin();
  upstream = open({ exec });
  await ask();
  refused.add('token-1');
  await ask();
  refused.add('token-2').add('token-3');
  await expect(ask()).rejects.toMatchObject({ status: { code: 401 } });
  expect(runs()).toBe('3');
});

test('a token of a file is read again each minute', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'first\n');
  upstream = open({ tokenFile });
  await ask();
  writeFileSync(tokenFile, 'second\n');
  await ask();
  time = 61_000;
  await ask();
  expect(came).toEqual(['first', 'first', 'second']);
});

test('a token that cannot be renewed is not tried again', async () => {
  upstream = open({ token: 'fixed' });
  refused.add('fixed');
  await expect(ask()).rejects.toMatchObject({ status: { code: 401 } });
  expect(came).toEqual(['fixed']);
});

test('what the server serves is asked again after a while, and after a failure at once', async () => {
  upstream = open({ token: 'fixed' });
  refused.add('fixed');
  await expect(upstream.resources()).rejects.toThrow();
  // Of its two requests one may come when the other has failed already.
  while (came.length < 2) await new Promise((resolve) => setImmediate(resolve));
  refused.clear();
  came.length = 0;
  await upstream.resources();
  await upstream.resources();
  expect(came).toHaveLength(2);
  time = 21_000;
  await upstream.resources();
  expect(came).toHaveLength(4);
});
