import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, request } from 'node:http';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer as createHttp2Server,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createSecureHttpServer } from 'node:https';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import type { RoutedBackend, RoutedHost, RoutedPort, RouteRule } from '../../../shared/ports/cloud.ts';
import { beginPki } from '../../pki/index.ts';
import { LocalGateways } from './index.ts';

interface Pair {
  ca: string;
  cert: string;
  key: string;
}
let a: Pair;
let b: Pair;
beforeAll(async () => {
  const made = async (name: string): Promise<Pair> => {
    const folder = await mkdtemp(join(tmpdir(), 'shallop-gateways-'));
    const { ca, server } = await (await beginPki(folder, Date.now()))([name]);
    await rm(folder, { recursive: true });
    return { ca, cert: server.certificate, key: server.key };
  };
  a = await made('a.example.com');
  b = await made('b.example.com');
});

const ref = { cluster: 'default', namespace: 'infra', name: 'gw', uid: 'gw' };
const ends: (() => void)[] = [];
let gateways: LocalGateways;
beforeEach(() => {
  gateways = new LocalGateways({ clock: systemClock, balancerCidr: '192.0.2.0/24' });
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) end();
  await gateways.close();
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A program of gRPC, as far as the wire shows: it echoes messages, refuses one method, and waits in another. */
function callee(seen: { rstCode?: number; headers?: IncomingHttpHeaders } = {}) {
  return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    seen.headers = headers;
    stream
      .on('error', () => {})
      .on('close', () => {
        seen.rstCode = stream.rstCode;
      });
    const type = { ':status': 200, 'content-type': 'application/grpc' };
    if (headers[':path'] === '/a.B/Refuse')
      return stream.respond({ ...type, 'grpc-status': '7', 'grpc-message': 'no' }, { endStream: true });
    stream.respond(type, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-bin': 'AAE=' }));
    stream.pipe(stream);
  };
}

async function grpcProgram(seen?: Parameters<typeof callee>[0]): Promise<number> {
  const server = createHttp2Server();
  server.on('stream', callee(seen));
  return listening(server as unknown as Server);
}

const everything = { path: { type: 'prefix' as const, value: '/' } };
const rule = (match: RouteRule['match'] = everything): RouteRule => ({
  ...{ name: 'r', match },
  backends: [{ backend: 'p', weight: 1 }],
});
const hostOf = (host: string, ...rules: RouteRule[]): RoutedHost => ({ host, owner: host, rules: [rules] });
const backendAt = (port: number | undefined, more: Partial<RoutedBackend> = {}): RoutedBackend => ({
  ...{ namespace: 'infra', service: 'p' },
  endpoints:
    port === undefined ? [] : [{ portName: '', protocol: 'TCP', address: '127.0.0.1', port, ready: true }],
  ...more,
});

/** The port of 127.0.0.1 at which the Gateway serves the only port of this routing. */
async function served(port: Partial<RoutedPort>, backends: Record<string, RoutedBackend>): Promise<number> {
  const routing = {
    ports: [{ port: 80, isSecure: false, hosts: [hostOf('', rule())], ...port }],
    backends: new Map(Object.entries(backends)),
  };
  return (await gateways.ensure(ref, routing)).ports.get(80)!.port;
}

function session(port: number, options: object = {}, scheme = 'http'): ClientHttp2Session {
  const made = connect(`${scheme}://127.0.0.1:${port}`, options);
  made.on('error', () => {});
  ends.push(() => made.destroy());
  return made;
}

interface Outcome {
  headers: IncomingHttpHeaders;
  trailers: IncomingHttpHeaders;
  body: string;
  isOnlyHeaders: boolean;
}

function call(client: ClientHttp2Session, path: string, body = '', more: object = {}): Promise<Outcome> {
  const stream = client.request(
    {
      ...{ ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' },
      ...more,
    },
    { endStream: false },
  );
  const outcome: Outcome = { headers: {}, trailers: {}, body: '', isOnlyHeaders: false };
  stream.on('response', (headers, flags) => {
    outcome.headers = headers;
    outcome.isOnlyHeaders = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on('trailers', (trailers) => {
    outcome.trailers = trailers;
  });
  stream.setEncoding('utf8').on('data', (chunk) => {
    outcome.body += chunk;
  });
  stream.end(body);
  return new Promise((resolve, reject) => stream.on('close', () => resolve(outcome)).on('error', reject));
}

describe('calls of gRPC', () => {
  test('go to the program again that did not look at them, and are not repeated otherwise', async () => {
    const codes = [constants.NGHTTP2_REFUSED_STREAM, undefined, constants.NGHTTP2_INTERNAL_ERROR];
    let asked = 0;
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      const code = codes[asked++];
      stream.on('error', () => {});
      if (code === undefined) callee()(stream, headers);
      else stream.close(code);
    });
    const program = await listening(server as unknown as Server);
    const client = session(await served({}, { p: backendAt(program, { isHttp2: true }) }));
    expect(await call(client, '/a.B/Echo', 'hello')).toMatchObject({
      ...{ body: 'hello', trailers: { 'grpc-status': '0' } },
    });
    expect((await call(client, '/a.B/Echo', 'hello')).headers).toMatchObject({ 'grpc-status': '14' });
    expect(asked).toBe(3);
  });

  test('pass in both directions, with their trailers, without TLS', async () => {
    const seen: Parameters<typeof callee>[0] = {};
    const port = await served({}, { p: backendAt(await grpcProgram(seen), { isHttp2: true }) });
    const client = session(port);
    const [outcome, other] = await Promise.all([
      call(client, '/a.B/Echo', 'first', { ':authority': 'a.example.com', 'x-mine': '1' }),
      call(client, '/a.B/Echo', 'x'.repeat(300_000)),
    ]);
    expect(outcome).toMatchObject({
      headers: { ':status': 200, 'content-type': 'application/grpc' },
      trailers: { 'grpc-status': '0', 'x-bin': 'AAE=' },
      body: 'first',
    });
    expect(other.body.length).toBe(300_000);
    expect(seen.headers).toMatchObject({ te: 'trailers', 'x-forwarded-proto': 'http' });
  });

  test('go on while both ends talk', async () => {
    const port = await served({}, { p: backendAt(await grpcProgram(), { isHttp2: true }) });
    const stream = session(port).request({
      ':method': 'POST',
      ':path': '/a.B/Chat',
      'content-type': 'application/grpc',
    });
    stream.setEncoding('utf8');
    for (const word of ['one', 'two', 'three']) {
      stream.write(word);
      expect(await new Promise((resolve) => stream.once('data', resolve))).toBe(word);
    }
    stream.end();
    const trailers = await new Promise((resolve) => stream.once('trailers', resolve));
    expect(trailers).toMatchObject({ 'grpc-status': '0' });
  });

  test('that are refused at once stay trailers and nothing else', async () => {
    const port = await served({}, { p: backendAt(await grpcProgram(), { isHttp2: true }) });
    const outcome = await call(session(port), '/a.B/Refuse');
    expect(outcome).toMatchObject({
      headers: { 'grpc-status': '7', 'grpc-message': 'no' },
      isOnlyHeaders: true,
    });
  });

  test('that a client gives up end at the program', async () => {
    const seen: Parameters<typeof callee>[0] = {};
    const port = await served({}, { p: backendAt(await grpcProgram(seen), { isHttp2: true }) });
    const stream = session(port).request({
      ':method': 'POST',
      ':path': '/a.B/Wait',
      'content-type': 'application/grpc',
    });
    await new Promise((resolve) => stream.once('response', resolve));
    stream.close(constants.NGHTTP2_CANCEL);
    while (seen.rstCode === undefined) await systemClock.sleep(10);
    expect(seen.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });

  test('that are given up before any answer hurt nobody', async () => {
    const seen: Parameters<typeof callee>[0] = {};
    const silent = createHttp2Server();
    silent.on('stream', (stream) => {
      stream
        .on('error', () => {})
        .on('close', () => {
          seen.rstCode = stream.rstCode;
        });
      seen.headers = {};
    });
    const port = await served(
      {},
      { p: backendAt(await listening(silent as unknown as Server), { isHttp2: true }) },
    );
    const client = session(port);
    const stream = client.request({
      ...{ ':method': 'POST', ':path': '/a.B/Wait', 'content-type': 'application/grpc' },
    });
    while (!seen.headers) await systemClock.sleep(10);
    stream.close(constants.NGHTTP2_CANCEL);
    while (seen.rstCode === undefined) await systemClock.sleep(10);
    const { headers } = await call(session(await served({}, { p: backendAt(undefined) })), '/x');
    expect(headers['grpc-status']).toBe('14');
  });

  test.each([
    ['of which no rule speaks are unimplemented', { path: { type: 'exact' as const, value: '/x' } }, '12'],
    ['to nobody are unavailable', everything, '14'],
  ])('%s', async (_, match, status) => {
    const port = await served(
      { hosts: [hostOf('', rule(match))] },
      { p: backendAt(undefined, { isHttp2: true }) },
    );
    const outcome = await call(session(port), '/a.B/Echo', 'x');
    expect(outcome).toMatchObject({
      headers: { ':status': 200, 'grpc-status': status },
      isOnlyHeaders: true,
    });
  });

  test('pass over TLS on both sides', async () => {
    const program = createSecureServer(a);
    program.on('stream', callee());
    const tls = { hostname: 'a.example.com', authorities: [a.ca] };
    const port = await served(
      {
        isSecure: true,
        hosts: [hostOf('b.example.com', rule())],
        certificates: [{ host: 'b.example.com', certificate: b.cert, key: b.key }],
      },
      { p: backendAt(await listening(program as unknown as Server), { isHttp2: true, tls }) },
    );
    const client = session(port, { ca: b.ca, servername: 'b.example.com' }, 'https');
    const outcome = await call(client, '/a.B/Echo', 'secret', { ':authority': 'b.example.com' });
    expect(outcome).toMatchObject({ body: 'secret', trailers: { 'grpc-status': '0' } });
  });
});

test('one port speaks HTTP/1.1 and HTTP/2, whatever the program behind speaks', async () => {
  const old = createServer((request, response) => {
    response
      .setHeader('set-cookie', ['a=1', 'b=2'])
      .end(`${request.headers.host} ${request.method} ${request.url}`);
  });
  const port = await served(
    {
      hosts: [
        hostOf('a.example.com', rule()),
        hostOf('b.example.com', { ...rule(), backends: [{ backend: 'q', weight: 1 }] }),
      ],
    },
    { p: backendAt(await listening(old)), q: backendAt(await grpcProgram(), { isHttp2: true }) },
  );
  const byHttp2 = await call(session(port), '/x?y', '', {
    ':method': 'GET',
    ':authority': 'a.example.com',
    te: [],
  });
  expect(byHttp2).toMatchObject({
    body: 'a.example.com GET /x?y',
    headers: { 'set-cookie': ['a=1', 'b=2'] },
  });
  const two = { ':method': 'GET', ':authority': 'a.example.com', host: 'b.example.com' };
  expect((await call(session(port), '/', '', two)).body).toBe('a.example.com GET /');
  const byHttp1 = await new Promise<string>((resolve) =>
    get(
      { port, host: '127.0.0.1', path: '/z', headers: { host: 'b.example.com' }, agent: false },
      (answer) => {
        answer.resume().once('end', () => resolve(`${answer.statusCode} ${answer.trailers['grpc-status']}`));
      },
    ),
  );
  expect(byHttp1).toBe('200 0');
});

test('who connects and leaves without a word is let go', async () => {
  const port = await served({}, { p: backendAt(undefined) });
  const socket = connectTcp(port, '127.0.0.1');
  socket.end();
  await new Promise((resolve) => socket.resume().on('close', resolve));
});

/** What a client gets over TLS that asks for a name and trusts an authority. */
function asked(port: number, servername: string, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, servername, ca }, () =>
      socket.write(`GET / HTTP/1.1\r\nhost: ${servername}\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('end', () => resolve(text.split('\r\n\r\n')[1] || 'nothing'));
  });
}

describe('connections', () => {
  test('are handed on by the name that they greet with, TLS and all', async () => {
    const programs = [];
    for (const [pair, name] of [
      [a, 'a'],
      [b, 'b'],
    ] as const)
      programs.push(
        await listening(createSecureHttpServer(pair, (_, response) => void response.end(`I am ${name}`))),
      );
    const to = (backend: string): RouteRule => ({
      ...rule(),
      name: backend,
      backends: [{ backend, weight: 1 }],
    });
    const port = await served(
      {
        ...{ isSecure: true, streams: 'encrypted' },
        hosts: [hostOf('a.example.com', to('p')), hostOf('*.example.com', to('q'))],
      },
      { p: backendAt(programs[0]), q: backendAt(programs[1]) },
    );
    expect(await asked(port, 'a.example.com', a.ca)).toBe('I am a');
    expect(await asked(port, 'b.example.com', b.ca)).toBe('I am b');
    expect(await asked(port, 'other.org', a.ca)).toMatch(/ECONNRESET|nothing/);
  });

  test('that lead nowhere are reset', async () => {
    const port = await served(
      { isSecure: true, streams: 'encrypted', hosts: [hostOf('a.example.com', rule())] },
      { p: backendAt(undefined) },
    );
    for (const servername of ['a.example.com', 'other.org']) {
      const end = new Promise((resolve) =>
        connectTls({ host: '127.0.0.1', port, servername }).on('error', ({ message }) => resolve(message)),
      );
      expect(await end).toBe('read ECONNRESET');
    }
  });

  test('are handed on without their TLS where it ends at the Gateway', async () => {
    const program = createServer((_, response) => void response.end('plain'));
    const port = await served(
      {
        ...{ isSecure: true, streams: 'decrypted' },
        hosts: [hostOf('a.example.com', rule())],
        certificates: [{ host: 'a.example.com', certificate: a.cert, key: a.key }],
      },
      { p: backendAt(await listening(program)) },
    );
    expect(await asked(port, 'a.example.com', a.ca)).toBe('plain');
    expect(await asked(port, 'b.example.com', a.ca)).toMatch(/ERR_TLS|ECONNRESET|nothing/);
  });

  test('that are no TLS end, and those that say nothing hold up nobody', async () => {
    const port = await served({ isSecure: true, streams: 'encrypted' }, { p: backendAt(undefined) });
    const answered = new Promise((resolve) =>
      get({ port, host: '127.0.0.1', agent: false }).on('error', ({ message }) => resolve(message)),
    );
    expect(await answered).toMatch(/socket hang up|ECONNRESET/);
  });
});

describe('programs that are spoken to over TLS', () => {
  const status = (port: number, method = 'GET') =>
    new Promise<number | undefined>((resolve) =>
      request({ port, host: '127.0.0.1', agent: false, method }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end(),
    );
  test.each([
    ['are reached when an authority vouches for their name', 'a.example.com', 'a', undefined, 200],
    ['are not by another name', 'c.example.com', 'a', undefined, 502],
    ['are not when another authority is trusted', 'a.example.com', 'b', undefined, 502],
    ['are by one of the names that are asked for', 'c.example.com', 'a', 'a.example.com', 200],
    ['are not by none of them', 'a.example.com', 'a', 'd.example.com', 502],
  ])('%s', async (_, hostname, authority, name, expected) => {
    const program = createSecureHttpServer(a, (_request, response) => void response.end('ok'));
    const tls = {
      hostname,
      authorities: [{ a, b }[authority]!.ca],
      ...(name && { names: [{ type: 'DNS' as const, value: name }] }),
    };
    const port = await served({}, { p: backendAt(await listening(program), { tls }) });
    expect(await status(port)).toBe(expected);
  });

  test.each([
    ['request', {}],
    ['connection of another protocol', { connection: 'Upgrade', upgrade: 'echo' }],
  ])('are let go when the client of a %s leaves before they greet', async (_, headers) => {
    const greets = createSecureHttpServer(a, () => {}).on('upgrade', () => {});
    const silent = createTcpServer();
    const arrived = once(silent, 'connection') as Promise<[Socket]>;
    const tls = { hostname: 'a.example.com', authorities: [a.ca] };
    const port = await served({}, { p: backendAt(await listening(silent), { tls }) });
    const asked = get({ port, host: '127.0.0.1', agent: false, headers }).on('error', () => {});
    const [connection] = await arrived;
    asked.socket?.resetAndDestroy();
    // The router has seen it leave once it has seen another that came later.
    await once(
      connectTcp(port, '127.0.0.1')
        .on('error', () => {})
        .end('nonsense\r\n\r\n')
        .resume(),
      'close',
    );
    const closed = once(
      connection.on('error', () => {}),
      'close',
    );
    greets.emit('connection', connection);
    await closed;
  });

  test('are tried again when they close before they greet, and are not reached by authorities that are none', async () => {
    const program = createSecureHttpServer(a, (_request, response) => void response.end('ok'));
    let dropped = 0;
    const [drops] = program.listeners('connection') as ((socket: Socket) => void)[];
    program.removeAllListeners('connection').on('connection', (socket: Socket) => {
      if (dropped++) drops!.call(program, socket);
      else socket.resetAndDestroy();
    });
    const there = await listening(program);
    const tls = { hostname: 'a.example.com', authorities: [a.ca] };
    expect(await status(await served({}, { p: backendAt(there, { tls }) }), 'POST')).toBe(200);
    expect(dropped).toBe(2);
    const none = { hostname: 'a.example.com', authorities: ['-----BEGIN CERTIFICATE-----\nnone\n'] };
    expect(await status(await served({}, { p: backendAt(there, { tls: none }) }))).toBe(502);
  });
});
