import { duplexPair } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Reach, ReachAnswer, ReachRequest } from '../../../ports/reach.ts';
import { testServer } from '../../testing/testingServer.ts';

const ns = '/api/v1/namespaces/default';
type Server = Awaited<ReturnType<typeof testServer>>;

let asked: ReachRequest[] = [];
let answer: Partial<ReachAnswer> = {};
let server: Server;

async function* bytes(...parts: (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part as string);
}

const reach: Reach = {
  mayReach: (address) => address.startsWith('10.'),
  send: async (request) => {
    asked.push(request);
    return { status: 200, headers: [], body: bytes('hello'), ...answer };
  },
};

const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a:1', ports: [{ containerPort: 8080 }] }] };

async function pod(name: string, podIP: string): Promise<void> {
  await server.send(`POST ${ns}/pods`, { body: { metadata: { name }, spec } });
  const status = { podIP, podIPs: [{ ip: podIP }] };
  await server.send(`PUT ${ns}/pods/${name}/status`, { body: { metadata: { name }, spec, status } });
}

const endpoint = (ip: string, name: string) => ({
  ip,
  targetRef: { kind: 'Pod', name, namespace: 'default' },
});

beforeEach(async () => {
  asked = [];
  answer = {};
  server = await testServer({ reach });
  await pod('p', '10.0.0.1');
  await pod('local', '127.0.0.1');
  const ports = [
    { name: 'web', port: 80 },
    { name: 'tls', port: 443 },
  ];
  await server.send(`POST ${ns}/services`, { body: { metadata: { name: 's' }, spec: { ports } } });
  const subsets = [
    {
      addresses: [endpoint('10.0.0.1', 'p'), endpoint('10.9.9.9', 'p'), { ip: '10.0.0.7' }],
      ports: [
        { name: 'web', port: 8080 },
        { name: 'tls', port: 8443 },
      ],
    },
  ];
  await server.send(`POST ${ns}/endpoints`, { body: { metadata: { name: 's' }, subsets } });
  await server.send(`POST ${ns}/endpoints`, { body: { metadata: { name: 'empty' } } });
  await server.send('POST /api/v1/nodes', {
    body: { metadata: { name: 'n' }, status: { addresses: [{ type: 'InternalIP', address: '10.0.0.254' }] } },
  });
});

describe('where a request goes', () => {
  test.each([
    ['pods/p', { tls: false, address: '10.0.0.1', port: 8080 }],
    ['pods/p:81', { tls: false, address: '10.0.0.1', port: 81 }],
    ['pods/https:p:', { tls: true, address: '10.0.0.1', port: 8080 }],
    ['services/s:web', { tls: false, address: '10.0.0.1', port: 8080 }],
    ['services/s:80', { tls: false, address: '10.0.0.1', port: 8080 }],
    ['services/https:s:tls', { tls: true, address: '10.0.0.1', port: 8443 }],
    ['services/https:s:443', { tls: true, address: '10.0.0.1', port: 8443 }],
  ])('%s', async (what, place) => {
    expect((await server.send(`GET ${ns}/${what}/proxy/x`)).text).toBe('hello');
    expect(asked).toMatchObject([{ ...place, method: 'GET', path: '/x' }]);
  });

  test('another port of a node', async () => {
    await server.send('GET /api/v1/nodes/n:9100/proxy/metrics');
    expect(asked).toMatchObject([{ address: '10.0.0.254', port: 9100, path: '/metrics' }]);
  });

  test.each([
    ['pods/q', 404, 'pods "q" not found'],
    ['pods/ftp:p:1', 400, 'invalid pod request "ftp:p:1"'],
    ['pods/a:b:c:d', 400, 'invalid pod request "a:b:c:d"'],
    ['pods/local', 400, 'address not allowed'],
    ['pods/p:web', 503, 'error trying to reach service: dial tcp: lookup tcp/web: unknown port'],
    ['services/t', 404, 'endpoints "t" not found'],
    ['services/t:80', 404, 'services "t" not found'],
    ['services/s:81', 503, 'no service port 81 found for service "s"'],
    ['services/s:other', 503, 'no endpoints available for service "s:other"'],
    ['services/empty', 503, 'no endpoints available for service "empty"'],
  ])('%s: %i %s', async (what, code, message) => {
    expect((await server.send(`GET ${ns}/${what}/proxy/`)).json).toMatchObject({
      kind: 'Status',
      code,
      message,
    });
    expect(asked).toEqual([]);
  });
});

describe('what is sent and answered', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s', async (method) => {
    answer = { status: 418 };
    const length: Record<string, string> = method === 'POST' ? { 'content-length': '4' } : {};
    const got = await server.send(`${method} ${ns}/pods/p/proxy/a%20b/?c=d`, {
      headers: length,
      body: 'text',
    });
    expect(got.status).toBe(418);
    expect(asked).toMatchObject([{ method, path: '/a%20b/?c=d' }]);
    const sent: Uint8Array[] = [];
    for await (const chunk of asked[0]?.body ?? bytes()) sent.push(chunk);
    expect(Buffer.concat(sent).toString()).toBe(method === 'POST' ? 'text' : '');
  });

  test('credentials and what is about the connection stay here', async () => {
    const headers = {
      host: 'api:6443',
      authorization: 'Bearer t',
      'impersonate-user': 'admin',
      'impersonate-group': 'system:masters',
      connection: 'keep-alive, x-hop',
      'x-hop': '1',
      'x-other': '2',
      'x-forwarded-for': '9.9.9.9',
    };
    await server.send(`GET ${ns}/pods/p/proxy/x/`, { headers });
    expect(asked[0]?.headers).toEqual([
      ['host', 'api:6443'],
      ['x-other', '2'],
      ['x-forwarded-for', '9.9.9.9, 127.0.0.1'],
      ['x-forwarded-uri', `${ns}/pods/p/proxy/x/`],
    ]);
  });

  test('headers of the answer come along, without those of the connection and of other origins', async () => {
    answer = {
      headers: [
        ['content-type', 'text/plain'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['connection', 'close'],
        ['access-control-allow-origin', '*'],
      ],
    };
    const { headers } = await server.send(`GET ${ns}/pods/p/proxy/`);
    expect({ ...headers, 'audit-id': 'one of its own' }).toEqual({
      'audit-id': 'one of its own',
      'content-type': 'text/plain',
      'set-cookie': ['a=1', 'b=2'],
    });
  });

  test.each(['GET', 'HEAD'])('%s without a slash at the end is sent there', async (method) => {
    const got = await server.send(`${method} ${ns}/pods/p/proxy?a=b`);
    expect([got.status, got.headers.location]).toEqual([301, `${ns}/pods/p/proxy/?a=b`]);
  });

  test('a redirect leads through the proxy', async () => {
    answer = { status: 302, headers: [['location', '/login']] };
    const got = await server.send(`GET ${ns}/pods/p/proxy/`);
    expect(got.headers.location).toBe(`${ns}/pods/p/proxy/login`);
  });

  test.each([
    ['plain', undefined, (text: string) => Buffer.from(text), (data: Buffer) => data],
    ['gzip', 'gzip', gzipSync, gunzipSync],
  ])('links of a page lead through the proxy (%s)', async (_, encoding, encode, decode) => {
    const page = encode('<a href="/rewriteme">test</a>');
    answer = {
      headers: [
        ['content-type', 'text/html; charset=utf-8'],
        ['content-length', String(page.length)],
        ...(encoding ? [['content-encoding', encoding] as const] : []),
      ],
      body: bytes(page),
    };
    const call = { method: 'GET', target: `${ns}/pods/p/proxy/` };
    const got = await server.handle({
      ...call,
      header: () => undefined,
      headersBeginning: () => [],
      body: async () => new Uint8Array(),
      peer: { address: '', internal: { user: 'admin', groups: ['system:masters'] } },
      signal: new AbortController().signal,
    });
    const parts: Uint8Array[] = [];
    for await (const part of got.body as AsyncIterable<Uint8Array>) parts.push(part);
    expect(String(decode(Buffer.concat(parts)))).toBe(`<a href="${ns}/pods/p/proxy/rewriteme">test</a>`);
    expect(got.headers['content-length']).toBeUndefined();
  });

  test('a program that does not answer is a Status', async () => {
    server = await testServer({
      reach: {
        ...reach,
        send: () => Promise.reject(new Error('dial tcp 10.0.0.1:80: connect: connection refused')),
      },
    });
    await pod('p', '10.0.0.1');
    expect((await server.send(`GET ${ns}/pods/p/proxy/`)).json).toMatchObject({
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'error trying to reach service: dial tcp 10.0.0.1:80: connect: connection refused',
    });
  });
});

describe('another protocol', () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'k' };
  const upgrade = (path: string) =>
    server.handle({
      method: 'GET',
      target: `${ns}/${path}`,
      header: (name) => (headers as Record<string, string>)[name],
      headersBeginning: () => Object.entries(headers),
      body: async () => new Uint8Array(),
      peer: { address: '', internal: { user: 'admin', groups: ['system:masters'] } },
      signal: new AbortController().signal,
    });

  test('is spoken with the program, in both directions', async () => {
    const [connection, program] = duplexPair();
    answer = {
      status: 101,
      headers: [
        ['upgrade', 'websocket'],
        ['connection', 'Upgrade'],
      ],
      connection,
    };
    const got = await upgrade('pods/p/proxy/socket');
    expect(got).toMatchObject({ status: 101, headers: { upgrade: 'websocket', connection: 'Upgrade' } });
    expect(asked[0]?.headers).toEqual(
      expect.arrayContaining([
        ['connection', 'Upgrade'],
        ['upgrade', 'websocket'],
        ['sec-websocket-key', 'k'],
      ]),
    );
    const [ours, client] = duplexPair();
    got.upgrade?.(ours);
    client.write('ping');
    program.write('pong');
    const heard = await Promise.all(
      [program, client].map(async (end) => String((await end.iterator().next()).value)),
    );
    expect(heard).toEqual(['ping', 'pong']);
  });

  test('that the program refuses is its answer', async () => {
    answer = { status: 403 };
    expect(await upgrade('pods/p/proxy/socket')).toMatchObject({ status: 403 });
  });

  test('that the program ignores is an error', async () => {
    const got = await upgrade('pods/p/proxy/socket');
    expect(got.status).toBe(500);
    expect(String(got.body)).toContain('invalid upgrade response: status code 200');
  });
});

describe('a node answers as a kubelet', () => {
  test.each(['n', 'n:10250', 'https:n:10250'])('%s', async (name) => {
    expect(await server.send(`GET /api/v1/nodes/${name}/proxy/healthz`)).toMatchObject({
      status: 200,
      text: 'ok',
    });
    const { json } = await server.send(`GET /api/v1/nodes/${name}/proxy/pods`);
    expect(json).toMatchObject({
      kind: 'PodList',
      items: [{ metadata: { name: 'local' } }, { metadata: { name: 'p' } }],
    });
    expect((await server.send(`GET /api/v1/nodes/${name}/proxy/logs/`)).text).toBe(
      'logs endpoint is disabled.\n',
    );
    expect((await server.send(`GET /api/v1/nodes/${name}/proxy/other`)).text).toBe('404 page not found\n');
  });

  test('what it does not do is a Status with another way', async () => {
    expect((await server.send('POST /api/v1/nodes/n/proxy/exec/default/p/c')).json).toMatchObject({
      code: 405,
      message: '/exec of a node is not supported by this server yet: pods/exec is',
    });
    expect((await server.send('GET /api/v1/nodes/m/proxy/healthz')).status).toBe(404);
  });
});

test.each([
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
  ['OPTIONS', ''],
])('%s needs the right to %j pods/proxy', async (method, verb) => {
  const peer = { certificate: { commonName: 'jane', organizations: [] } };
  const got = await server.send(`${method} ${ns}/pods/p/proxy/`, { peer });
  expect(got.json.message).toBe(
    `pods "p" is forbidden: User "jane" cannot ${verb} resource "pods/proxy" in API group "" in the namespace "default"`,
  );
});
