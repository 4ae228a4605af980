import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import type { IngressCertificate, IngressMember } from '../../../shared/ports/cloud.ts';
import { beginPki } from '../../pki/index.ts';
import { LocalIngresses } from './index.ts';

const ref = { cluster: 'default', namespace: '', name: 'router', uid: 'router' };
let folder: string;
let ca: string;
let usable: Pick<IngressCertificate, 'certificate' | 'key'>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-router-'));
  const pki = await (await beginPki(folder, Date.now()))(['shop.example.com']);
  ca = pki.ca;
  usable = { certificate: pki.server.certificate, key: pki.server.key };
});
afterAll(() => rm(folder, { recursive: true }));

const servers: Server[] = [];
let ingresses: LocalIngresses;
beforeEach(() => {
  ingresses = new LocalIngresses({ clock: systemClock, balancerCidr: '192.0.2.0/24' });
});
afterEach(async () => {
  await ingresses.close();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (request: IncomingMessage) => string | Promise<string>;

/** The port of a program that answers so. */
async function program(answer: Answer): Promise<number> {
  const server = createServer(async (asked, response) => response.end(await answer(asked)));
  server.on('upgrade', (asked: IncomingMessage, socket: Socket) => {
    if (asked.url === '/refused')
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const endpointAt = (port: number, ready = true) => ({
  ...{ portName: '', protocol: 'TCP', address: '127.0.0.1' },
  ...{ port, ready },
});

function member(ports: number[], certificates: IngressCertificate[] = []): IngressMember {
  const service = { name: 'web', port: { number: 80 } };
  return {
    ingress: { metadata: { name: 'i', namespace: 'ns', uid: 'i' }, spec: { defaultBackend: { service } } },
    isServed: true,
    backends: [{ service: 'web', port: 80, endpoints: ports.map((port) => endpointAt(port)) }],
    certificates,
  };
}

async function serve(...members: IngressMember[]) {
  const outcome = await ingresses.ensure(ref, members);
  const [http = 0, https = 0] = outcome.points?.[0]?.ports?.map(({ port }) => port) ?? [];
  return { ...outcome, http, https };
}

async function ask(
  port: number,
  options: RequestOptions & { body?: string; ca?: string; servername?: string } = {},
) {
  const { body, ...rest } = options;
  const send = options.servername === undefined ? request : secureRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = send({ host: '127.0.0.1', port, agent: false, ...rest }, resolve);
    sent.on('error', reject).end(body);
  });
  return { status: answer.statusCode, text: (await answer.toArray()).join('') };
}

test('what the program is told of the client is what the router saw', async () => {
  const port = await program(({ method, url, headers }) => JSON.stringify({ method, url, headers }));
  const { http } = await serve(member([port]));
  const headers = {
    host: 'a.org',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'https',
    'x-mine': '1',
  };
  const { text } = await ask(http, { method: 'PUT', path: '/a%20b?c', headers });
  expect(JSON.parse(text)).toMatchObject({
    method: 'PUT',
    url: '/a%20b?c',
    headers: {
      host: 'a.org',
      'x-mine': '1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'a.org',
      'x-forwarded-port': String(http),
      'x-forwarded-proto': 'http',
      'x-real-ip': '127.0.0.1',
    },
  });
});

test.each([
  ['with its length', { 'content-length': '5' }],
  ['without', { 'transfer-encoding': 'chunked' }],
])('a body goes through, %s', async (_, headers) => {
  const port = await program(async (asked) => (await asked.toArray()).join(''));
  const { http } = await serve(member([port]));
  expect((await ask(http, { method: 'POST', headers, body: 'hello' })).text).toBe('hello');
});

describe('over TLS', () => {
  const named = (hosts: string[], more = {}): IngressCertificate => ({
    hosts,
    secret: 's',
    ...usable,
    ...more,
  });

  test('the certificate is that of the host, or the first one', async () => {
    const port = await program(({ headers }) => String(headers['x-forwarded-proto']));
    const { https } = await serve(member([port], [named(['shop.example.com'])]));
    for (const servername of ['shop.example.com', 'other.example.com', '']) {
      const checks = servername === 'shop.example.com';
      expect(await ask(https, { servername, ca, rejectUnauthorized: checks } as never)).toEqual({
        status: 200,
        text: 'https',
      });
    }
  });

  test('one that cannot be used is told of, and one that comes later is used at once', async () => {
    const port = await program(() => 'hello');
    const broken = named(['shop.example.com'], { key: 'no key' });
    const { https, notices } = await serve(member([port], [broken]));
    expect(notices?.filter(({ type }) => type === 'Warning')).toEqual([
      expect.objectContaining({
        uid: 'i',
        reason: 'CertificateNotUsable',
        message: expect.stringMatching(/^the certificate of Secret ns\/s cannot be used: /),
      }),
    ]);
    await expect(ask(https, { servername: 'shop.example.com', ca } as never)).rejects.toThrow();
    await serve(member([port], [named(['shop.example.com'])]));
    expect((await ask(https, { servername: 'shop.example.com', ca } as never)).text).toBe('hello');
  });
});

describe('another protocol', () => {
  const upgrade = (port: number, path: string) =>
    new Promise<string>((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'echo' };
      const sent = request({ host: '127.0.0.1', port, path, headers, agent: false });
      sent.on('error', reject).on('response', async (answer) => {
        resolve(`${answer.statusCode} ${(await answer.toArray()).join('')}`);
      });
      sent.on('upgrade', async (_, socket) => {
        socket.end('hello');
        resolve((await socket.toArray()).join(''));
      });
      sent.end();
    });

  test.each([
    ['is spoken with the program', '/', 'hello'],
    ['that the program refuses is its answer', '/refused', '403 no'],
  ])('%s', async (_, path, said) => {
    const { http } = await serve(member([await program(() => '')]));
    expect(await upgrade(http, path)).toBe(said);
  });

  test('that is still spoken does not hold up the end', async () => {
    const { http } = await serve(member([await program(() => '')]));
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const sent = request({ host: '127.0.0.1', port: http, headers, agent: false }).end();
    const ended = new Promise((resolve) => {
      sent.on('upgrade', (_, socket) => socket.on('error', () => {}).on('close', () => resolve('cut')));
    });
    await new Promise((resolve) => sent.once('upgrade', resolve));
    await ingresses.close();
    expect(await ended).toBe('cut');
  });
});

test('a request under way ends where it began, and the next goes to the new endpoint', async () => {
  let begun = () => {};
  let end = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const mayEnd = new Promise<void>((resolve) => {
    end = resolve;
  });
  const old = await program(async () => {
    begun();
    await mayEnd;
    return 'old';
  });
  const { http } = await serve(member([old]));
  const first = ask(http);
  await hasBegun;
  await serve(member([await program(() => 'new')]));
  expect((await ask(http)).text).toBe('new');
  end();
  expect((await first).text).toBe('old');
});

test('no request is lost while rules and endpoints change', async () => {
  const ports = [await program(() => 'a'), await program(() => 'b')];
  const { http } = await serve(member(ports));
  let isOver = false;
  const statuses = new Set<number | undefined>();
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) statuses.add((await ask(http)).status);
  });
  for (let i = 0; i < 50; i++) {
    await serve(member([ports[i % 2]!]));
    await ask(http);
  }
  isOver = true;
  await Promise.all(asking);
  expect([...statuses]).toEqual([200]);
});

test('endpoints that refuse are passed over; none at all is 503, a dead program 502', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const closedPort = (gone.address() as AddressInfo).port;
  await new Promise((resolve) => gone.close(resolve));
  const alive = await program(() => 'alive');
  const { http } = await serve(member([closedPort, alive]));
  expect([(await ask(http)).text, (await ask(http)).text]).toEqual(['alive', 'alive']);
  await serve(member([]));
  expect((await ask(http)).status).toBe(503);
  await serve(member([await program((asked) => asked.socket.destroy() && '')]));
  expect((await ask(http)).status).toBe(502);
});

test('a router that cannot be opened leads to nobody', async () => {
  const broken = new LocalIngresses({ clock: systemClock, balancerCidr: 'none' });
  const opening = expect(broken.ensure(ref, [])).rejects.toThrow();
  await expect(broken.offers('127.0.0.1')).resolves.toBe(false);
  await opening;
});

test('who is served at other ports than usual is told so, once', async () => {
  const first = await serve(member([]));
  const message = `served at http://127.0.0.1:${first.http} and https://127.0.0.1:${first.https}: this machine has no further loopback addresses`;
  expect(first.notices).toEqual([{ uid: 'i', type: 'Normal', reason: 'ServedElsewhere', message }]);
  expect((await serve(member([]))).notices).toBeUndefined();
});
