import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../../../test/support/until.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import type { RoutedHost, RoutedPort, RouteRule, Routing } from '../../../shared/ports/cloud.ts';
import { beginPki } from '../../pki/index.ts';
import { LocalGateways } from './index.ts';

const ref = { cluster: 'default', namespace: 'infra', name: 'gw', uid: 'gw' };
let ca: string;
let pair: { certificate: string; key: string };
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-gateways-'));
  const pki = await (await beginPki(folder, Date.now()))(['a.example.com', 'b.example.com']);
  await rm(folder, { recursive: true });
  ca = pki.ca;
  pair = { certificate: pki.server.certificate, key: pki.server.key };
});

const servers: Server[] = [];
let gateways: LocalGateways;
beforeEach(() => {
  // Addresses of nobody: Gateways make do with free ports, as they do on a machine without further loopback addresses.
  gateways = new LocalGateways({ clock: systemClock, balancerCidr: '192.0.2.0/24' });
});
afterEach(async () => {
  await gateways.close();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (request: IncomingMessage, body: string) => string | Promise<string>;

/** The port of a program that answers so. */
async function program(answer: Answer): Promise<number> {
  const server = createServer(async (asked, response) => {
    const body = Buffer.concat(await asked.toArray()).toString();
    response.setHeader('x-from', 'program').end(await answer(asked, body));
  });
  return listening(server);
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const endpointAt = (port: number) => ({
  ...{ portName: '', protocol: 'TCP', address: '127.0.0.1' },
  ...{ port, ready: true },
});
const everything = { path: { type: 'prefix' as const, value: '/' } };
const rule = (facts: Partial<RouteRule>): RouteRule => ({
  name: 'r',
  match: everything,
  backends: [],
  ...facts,
});
const hostOf = (host: string, ...rules: RouteRule[]): RoutedHost => ({ host, owner: host, rules: [rules] });

function routing(places: Record<string, number | undefined>, ...ports: Partial<RoutedPort>[]): Routing {
  return {
    ports: ports.map((each) => ({ port: 80, isSecure: false, hosts: [], ...each })),
    backends: new Map(
      Object.entries(places).map(([name, port]) => [
        name,
        { namespace: 'infra', service: name, endpoints: port === undefined ? [] : [endpointAt(port)] },
      ]),
    ),
  };
}

const served = async (what: Routing) =>
  new Map([...(await gateways.ensure(ref, what)).ports].map(([port, place]) => [port, place.port]));

interface Asking extends RequestOptions {
  body?: string;
  ca?: string;
  servername?: string;
}
async function ask(port: number | undefined, { body, ...options }: Asking = {}) {
  const send = options.servername === undefined ? request : secureRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    send({ host: '127.0.0.1', port, agent: false, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
  return { status: answer.statusCode, headers: answer.headers, text: (await answer.toArray()).join('') };
}

test('requests go to backends by their weights, changed as the rule says, and answers come back changed', async () => {
  const echo = (name: string) =>
    program(({ url, headers }, body) => JSON.stringify({ name, url, headers, body }));
  const [a, b] = [await echo('a'), await echo('b')];
  const changed = rule({
    requestHeaders: { set: [{ name: 'x-set', value: 'new' }], remove: ['x-gone'] },
    responseHeaders: { add: [{ name: 'x-said', value: 'more' }], remove: ['x-from'] },
    rewrite: { hostname: 'inner.local', path: { type: 'full', value: '/inner' } },
    backends: [
      { backend: 'a', weight: 3, requestHeaders: { set: [{ name: 'x-of', value: 'a' }] } },
      { backend: 'b', weight: 1 },
    ],
  });
  const ports = await served(routing({ a, b }, { hosts: [hostOf('', changed)] }));
  const asked = {
    method: 'POST',
    path: '/outer?q=1',
    headers: { 'x-set': 'old', 'x-gone': '1' },
    body: 'hello',
  };
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await ask(ports.get(80), asked));
  const said = answers.map(({ text }) => JSON.parse(text));
  expect(said.map(({ name }) => name).sort()).toEqual(['a', 'a', 'a', 'b']);
  expect(said.find(({ name }) => name === 'a')).toMatchObject({
    url: '/inner?q=1',
    body: 'hello',
    headers: {
      host: 'inner.local',
      'x-set': 'new',
      'x-of': 'a',
      'x-forwarded-host': expect.stringMatching(/^127/),
    },
  });
  expect(said.every(({ headers }) => headers['x-gone'] === undefined)).toBe(true);
  expect(answers[0]!.headers).toMatchObject({ 'x-said': 'more' });
  expect(answers[0]!.headers).not.toHaveProperty('x-from');
});

test.each<[string, RouteRule['backends'], number]>([
  ['no backend is 500', [], 500],
  ['no weight is 500', [{ backend: 'a', weight: 0 }], 500],
  ['a backend that cannot be had is 500', [{ weight: 1 }], 500],
  ['a backend without endpoints is 503', [{ backend: 'none', weight: 1 }], 503],
])('%s', async (_, backends, status) => {
  const places = { a: await program(() => 'a'), none: undefined };
  const ports = await served(routing(places, { hosts: [hostOf('', rule({ backends }))] }));
  const answer = await ask(ports.get(80));
  expect(answer.status).toBe(status);
  if (status === 503)
    expect(answer.text).toBe('Service infra/none has no endpoint for this: none is ready\n');
});

test.each<[string, string | undefined]>([
  ['GET', undefined],
  ['PUT', 'x'.repeat(60_000)],
])('a %s whose program is gone before it answers goes to another', async (method, body) => {
  let lost = 0;
  const dying = createServer(({ socket }) => {
    lost++;
    socket.resetAndDestroy();
  });
  const web = await program((_, text) => `web ${text.length}`);
  const what = routing(
    { web: await listening(dying) },
    { hosts: [hostOf('', rule({ backends: [{ backend: 'web', weight: 1 }] }))] },
  );
  what.backends.get('web')!.endpoints.push(endpointAt(web));
  const ports = await served(what);
  for (let i = 0; i < 4; i++)
    expect(await ask(ports.get(80), { method, body })).toMatchObject({
      ...{ status: 200, text: `web ${body?.length ?? 0}` },
    });
  expect(lost).toBeGreaterThan(0);
});

test('who is sent to a Pod as to one that is ready is known', async () => {
  const hosts = [hostOf('', rule({ backends: [{ backend: 'web', weight: 1 }] }))];
  const what = routing({ web: 9 }, { hosts });
  await served(what);
  const offered = () => Promise.all(['127.0.0.1', '127.0.0.2'].map((address) => gateways.offers(address)));
  expect(await offered()).toEqual([true, false]);
  what.backends.get('web')!.endpoints = [{ ...endpointAt(9), ready: false, lastResort: true }];
  await served(what);
  expect(await offered()).toEqual([false, false]);
  what.backends.get('web')!.endpoints = [{ ...endpointAt(9), isGoing: true }];
  await served(what);
  expect(await offered()).toEqual([false, false]);
});

test('a Gateway that cannot be opened leads to nobody', async () => {
  const broken = new LocalGateways({ clock: systemClock, balancerCidr: 'none' });
  const opening = expect(broken.ensure(ref, routing({}, {}))).rejects.toThrow();
  await Promise.resolve();
  await expect(broken.offers('127.0.0.1')).resolves.toBe(false);
  await opening;
});

test('a POST is sent once, and who asked learns who did not answer it', async () => {
  let asked = 0;
  const dying = createServer(({ socket }) => {
    asked++;
    socket.resetAndDestroy();
  });
  const port = await listening(dying);
  const hosts = [hostOf('', rule({ backends: [{ backend: 'web', weight: 1 }] }))];
  const ports = await served(routing({ web: port }, { hosts }));
  expect(await ask(ports.get(80), { method: 'POST', body: 'x' })).toMatchObject({
    status: 502,
    text: `127.0.0.1:${port} of Service infra/web did not answer: the connection ended without an answer\n`,
  });
  expect(asked).toBe(1);
});

test('what no rule is for is 404, and a redirect is one', async () => {
  const redirect = { scheme: 'https', hostname: 'b.org', statusCode: 301 };
  const match = { path: { type: 'prefix' as const, value: '/old' } };
  const ports = await served(routing({}, { hosts: [hostOf('a.org', rule({ match, redirect }))] }));
  const at = (host: string, path: string) => ask(ports.get(80), { path, headers: { host } });
  expect(await at('a.org', '/old/x?q')).toMatchObject({
    status: 301,
    headers: { location: 'https://b.org/old/x?q' },
  });
  expect((await at('a.org', '/new')).status).toBe(404);
  expect((await at('b.org', '/old')).status).toBe(404);
});

test.each<[string, Partial<RouteRule>]>([
  ['a header', { responseHeaders: { set: [{ name: 'a', value: 'b\r\nc: d' }] } }],
  ['a path', { rewrite: { path: { type: 'full', value: '/a b' } } }],
  ['a place', { redirect: { statusCode: 302, path: { type: 'full', value: '/\r\nx: y' } } }],
])('%s that HTTP cannot say harms that request alone', async (_, facts) => {
  const web = await program(() => 'web');
  const backends = [{ backend: 'web', weight: 1 }];
  const bad = hostOf('bad.org', rule({ backends, ...facts }));
  const ports = await served(routing({ web }, { hosts: [bad, hostOf('', rule({ backends }))] }));
  const asked = ask(ports.get(80), { headers: { host: 'bad.org' } });
  expect([500, 502, 'cut']).toContain(
    await asked.then(
      ({ status }) => status,
      () => 'cut',
    ),
  );
  expect((await ask(ports.get(80))).text).toBe('web');
});

test.each(['timeoutMs', 'backendTimeoutMs'])('what takes longer than %s is 504', async (field) => {
  const never = await program(() => new Promise(() => {}));
  const quick = await program(() => 'quick');
  const ports = await served(
    routing(
      { never, quick },
      {
        hosts: [
          hostOf('slow.org', rule({ [field]: 50, backends: [{ backend: 'never', weight: 1 }] })),
          hostOf('', rule({ [field]: 60_000, backends: [{ backend: 'quick', weight: 1 }] })),
        ],
      },
    ),
  );
  expect((await ask(ports.get(80), { headers: { host: 'slow.org' } })).status).toBe(504);
  expect((await ask(ports.get(80))).text).toBe('quick');
});

test('a mirror gets a copy with its body, nobody waits for it, and it may be gone', async () => {
  const copies: string[] = [];
  const web = await program((_, body) => `web ${body.length}`);
  const slow = await program(({ url }, body) => {
    copies.push(`${url} ${body.length}`);
    return new Promise(() => {});
  });
  const mirrors = ['slow', 'gone', 'none'].map((backend) => ({ backend, share: 1 }));
  const what = routing(
    { web, slow, gone: undefined },
    {
      hosts: [hostOf('', rule({ mirrors, backends: [{ backend: 'web', weight: 1 }] }))],
    },
  );
  const ports = await served(what);
  const body = 'x'.repeat(300_000);
  expect((await ask(ports.get(80), { method: 'POST', path: '/m', body })).text).toBe('web 300000');
  await until('the copy', () => copies.length === 1);
  expect(copies).toEqual(['/m 300000']);
});

test('a mirror gets no more than its share', async () => {
  let copies = 0;
  const web = await program(() => 'web');
  const copy = await program(() => `${++copies}`);
  const mirrors = [{ backend: 'copy', share: 0.25 }];
  const ports = await served(
    routing(
      { web, copy },
      { hosts: [hostOf('', rule({ mirrors, backends: [{ backend: 'web', weight: 1 }] }))] },
    ),
  );
  for (let i = 0; i < 8; i++) await ask(ports.get(80));
  await until('the copies', () => copies === 2);
});

test('TLS ends here, and a connection for one host is not one for another', async () => {
  const web = await program(({ headers }) => `${headers['x-forwarded-proto']}`);
  const backends = [{ backend: 'web', weight: 1 }];
  const names = ['a.example.com', 'b.example.com'];
  const ports = await served(
    routing(
      { web },
      {
        ...{ port: 443, isSecure: true },
        hosts: names.map((name) => hostOf(name, rule({ backends }))),
        certificates: names.map((host) => ({ host, ...pair })),
      },
    ),
  );
  const as = (servername: string, host: string) => ask(ports.get(443), { servername, ca, headers: { host } });
  expect(await as('a.example.com', 'a.example.com')).toMatchObject({ status: 200, text: 'https' });
  expect((await as('a.example.com', 'b.example.com')).status).toBe(421);
});

test('ports come, go and change their protocol while others are served', async () => {
  const web = await program(() => 'web');
  const hosts = [hostOf('', rule({ backends: [{ backend: 'web', weight: 1 }] }))];
  const certificates = [{ host: '', ...pair }];
  const first = await served(routing({ web }, { hosts }, { port: 81, hosts }));
  const second = await served(routing({ web }, { hosts, isSecure: true, certificates }, { port: 82, hosts }));
  expect([[...first.keys()], [...second.keys()]]).toEqual([
    [80, 81],
    [80, 82],
  ]);
  expect((await ask(second.get(82))).text).toBe('web');
  expect((await ask(second.get(80), { servername: 'a.example.com', ca })).text).toBe('web');
  await expect(ask(first.get(81))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await gateways.remove(ref);
  await expect(ask(second.get(82))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await gateways.list()).toEqual([]);
});

test('a connection of another protocol holds up no port that changes its own', async () => {
  const server = createServer().on('upgrade', (_, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const web = (server.address() as AddressInfo).port;
  const hosts = [hostOf('', rule({ backends: [{ backend: 'web', weight: 1 }] }))];
  const ports = await served(routing({ web }, { hosts }));
  const upgraded = new Promise<void>((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const sent = request({ host: '127.0.0.1', port: ports.get(80), agent: false, headers });
    sent.on('error', reject).once('upgrade', (_, socket) => resolve(void socket.on('error', () => {})));
    sent.end();
  });
  await upgraded;
  const certificates = [{ host: '', ...pair }];
  expect([...(await served(routing({ web }, { hosts, isSecure: true, certificates }))).keys()]).toEqual([80]);
});

test('a Gateway of a fork, which has the uid of its base, is another one', async () => {
  const fork = { ...ref, cluster: 'fork' };
  const hostsOf = (name: string) => [hostOf('', rule({ backends: [{ backend: name, weight: 1 }] }))];
  const of = { base: await program(() => 'base'), fork: await program(() => 'fork') };
  const base = await served(routing(of, { hosts: hostsOf('base') }));
  const other = (await gateways.ensure(fork, routing(of, { hosts: hostsOf('fork') }))).ports.get(80)?.port;
  expect([(await ask(base.get(80))).text, (await ask(other)).text]).toEqual(['base', 'fork']);
  await gateways.remove(fork);
  expect((await ask(base.get(80))).text).toBe('base');
});

test('a copy that is never answered is given up, and a limit of years is no limit at all', async () => {
  const clock = new ManualClock(Date.now());
  await gateways.close();
  gateways = new LocalGateways({ clock, balancerCidr: '192.0.2.0/24' });
  let [begun, ended] = [false, false];
  const never = await program((asked) => {
    begun = true;
    asked.socket.once('close', () => {
      ended = true;
    });
    return new Promise(() => {});
  });
  const web = await program(() => 'web');
  const backends = [{ backend: 'web', weight: 1 }];
  const copied = rule({ timeoutMs: 2 ** 40, mirrors: [{ backend: 'never', share: 1 }], backends });
  const ports = await served(routing({ web, never }, { hosts: [hostOf('', copied)] }));
  expect((await ask(ports.get(80))).text).toBe('web');
  await until('the copy', () => begun && clock.sleeping > 0);
  expect(ended).toBe(false);
  await clock.advance(60_000);
  await until('its end', () => ended);
});

test.each([[['198.51.100.1']], [['127.0.0.9', '127.0.0.10']]])(
  'addresses of others are not had: %j',
  async (addresses) => {
    const outcome = await gateways.ensure(ref, routing({}, {}), addresses);
    expect(outcome.address).toBeUndefined();
    expect(await gateways.list()).toEqual([]);
  },
);
