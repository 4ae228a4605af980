import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Console, openConsole } from './server.ts';
import { openUpstream } from './upstream.ts';

/** What an API server was asked. */
const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let api: Server;
let opened: Console;
let ending: AbortController;
let base: URL;
let cookie: string;

const resource = (plural: string, kind: string) => ({
  ...{
    resource: plural,
    singularResource: '',
    scope: 'Namespaced',
    verbs: ['get', 'list', 'watch', 'update'],
  },
  responseKind: { kind },
});
const discovery: Record<string, unknown> = {
  '/api': {
    items: [
      {
        metadata: {},
        versions: [
          {
            version: 'v1',
            resources: [
              resource('pods', 'Pod'),
              resource('secrets', 'Secret'),
              resource('configmaps', 'ConfigMap'),
            ],
          },
        ],
      },
    ],
  },
  '/apis': { items: [] },
};
const secret = {
  ...{ apiVersion: 'v1', kind: 'Secret', data: { word: 'c2VzYW1l' } },
  metadata: { name: 'door', resourceVersion: '7', annotations: { copy: 'sesame' } },
};
const map = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } },
  metadata: { name: 'plain', resourceVersion: '8', managedFields: [{}] },
};
const refusal = {
  kind: 'Status',
  apiVersion: 'v1',
  reason: 'Forbidden',
  message: 'pods is forbidden',
  code: 403,
};

/** What it answers to a path; several lines are a watch. */
const answers: Record<string, [code: number, body: string]> = {
  '/api/v1/secrets': [200, JSON.stringify({ kind: 'SecretList', items: [secret] })],
  '/api/v1/namespaces/a/secrets/door': [200, JSON.stringify(secret)],
  '/api/v1/namespaces/a/configmaps/plain': [200, JSON.stringify(map)],
  '/api/v1/namespaces/a/configmaps/odd': [200, '"sesame"'],
  '/api/v1/namespaces/a/pods': [403, JSON.stringify(refusal)],
  '/api/v1/namespaces/a/pods/b/log': [200, '<script>alert(1)</script>\n'],
  '/api/v1/secrets?watch': [200, `${JSON.stringify({ type: 'ADDED', object: secret })}\n`],
  '/api/v1/configmaps?watch': [
    200,
    '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n',
  ],
  '/api/v1/namespaces/breaks/configmaps?watch': [200, `${JSON.stringify({ type: 'ADDED', object: map })}\n`],
  '/api/v1/pods?watch': [200, 'sesame, no event\n'],
};

beforeEach(async () => {
  asked.length = 0;
  ending = new AbortController();
  api = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const path = url.split('?')[0]!;
    const body = await text(incoming);
    if (discovery[path]) return outgoing.end(JSON.stringify(discovery[path]));
    asked.push({ method, url, headers, body });
    const [code, told] =
      method === 'PUT'
        ? [200, body]
        : (answers[path + (url.includes('watch=true') ? '?watch' : '')] ?? [404, '{}']);
    outgoing.writeHead(code, { 'set-cookie': 'from=api', 'x-secret': 'sesame' });
    if (url.includes('/breaks/')) outgoing.write(told, () => outgoing.destroy());
    else outgoing.end(told);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  await start(false);
});
afterEach(async () => {
  await opened.close();
  ending.abort();
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
});

async function start(isWritable: boolean): Promise<void> {
  await opened?.close();
  const server = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const endpoint = { context: 'here', server, namespace: 'a', token: 'of-the-user' };
  opened = await openConsole({
    ...{ upstream: openUpstream(endpoint, ending.signal, Date.now), port: 0, isWritable, now: Date.now },
    files: { 'index.html': { type: 'text/html', body: Buffer.from('<p>page') } },
  });
  base = new URL(opened.address);
  const entered = await ask({ path: `${base.pathname}${base.search}`, headers: { cookie: undefined } });
  expect(entered).toMatchObject({ code: 200, body: expect.stringContaining('http-equiv="refresh"') });
  [cookie] = entered.headers['set-cookie']![0]!.split(';') as [string];
}

interface Asked {
  method?: string;
  /** As it goes over the wire, below the door unless it begins with a slash. */
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

function ask({ method = 'GET', path = '', headers = {}, body }: Asked) {
  const all = Object.entries({ host: base.host, cookie, ...headers }).filter(
    ([, value]) => value !== undefined,
  );
  return new Promise<{ code: number; headers: IncomingMessage['headers']; body: string }>(
    (resolve, reject) => {
      const outgoing = request(
        {
          ...{ host: '127.0.0.1', port: base.port, method, agent: false },
          path: path.startsWith('/') ? path : base.pathname + path,
          headers: Object.fromEntries(all) as Record<string, string>,
        },
        (response) =>
          text(response).then(
            (body) => resolve({ code: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          ),
      );
      outgoing.on('upgrade', () => reject(new Error('was upgraded')));
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}

test('the printed address lets one browser in, once', async () => {
  const again = await ask({ path: `${base.pathname}${base.search}`, headers: { cookie: undefined } });
  expect(again).toMatchObject({ code: 401, body: expect.stringContaining('once') });
  expect(again.headers['set-cookie']).toBeUndefined();
  expect(await ask({})).toMatchObject({ code: 200, body: '<p>page' });
});

test('every answer forbids scripts from elsewhere, frames, guesses at its type, and keeping it', async () => {
  for (const path of ['', 'about', 'api/v1/secrets', 'nowhere', `/elsewhere`]) {
    const { headers } = await ask({ path });
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
      ),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test.each([
  ['another host', { headers: { host: 'evil.example' } }, 403],
  ['another host with the token', { path: '?token=x', headers: { host: 'evil.example' } }, 403],
  ['another origin', { headers: { origin: 'http://evil.example' } }, 403],
  ['no cookie', { path: 'api/v1/secrets', headers: { cookie: undefined } }, 401],
  ['another path', { path: '/api/v1/secrets' }, 404],
  ['an absolute address', { path: '/http://evil.example/' }, 404],
  ['a change while reading', { method: 'PUT', path: 'api/v1/namespaces/a/configmaps/plain' }, 405],
  ['a deletion', { method: 'DELETE', path: 'api/v1/namespaces/a/configmaps/plain' }, 405],
  ['a creation', { method: 'POST', path: 'api/v1/namespaces/a/configmaps' }, 405],
  ['a patch', { method: 'PATCH', path: 'api/v1/namespaces/a/configmaps/plain' }, 405],
  [
    'a disguised change',
    { method: 'POST', path: 'about', headers: { 'x-http-method-override': 'GET' } },
    405,
  ],
  ['HEAD', { method: 'HEAD' }, 405],
  ['OPTIONS', { method: 'OPTIONS' }, 405],
  ['an unlisted resource', { path: 'api/v1/namespaces/a/serviceaccounts/b' }, 404],
  ['a token', { path: 'api/v1/namespaces/a/serviceaccounts/b/token' }, 404],
  ['dots', { path: 'api/v1/namespaces/a/pods/../secrets/door' }, 400],
  ['hidden dots', { path: 'api/v1/namespaces/a/pods/%2e%2e%2fsecrets' }, 400],
  ['exec by GET', { path: 'api/v1/namespaces/a/pods/b/exec' }, 400],
  ['a watch of nothing', { path: 'watch' }, 400],
  ['a watch of an unlisted resource', { path: 'watch?path=/api/v1/nodes' }, 404],
  ['a watch of a log', { path: 'watch?path=/api/v1/namespaces/a/pods/b/log' }, 400],
  ['a watch beyond the server', { path: 'watch?path=//evil.example/api/v1/pods' }, 400],
] as [string, Asked, number][])(
  '%s is refused, and the API server hears nothing',
  async (_name, wanted, code) => {
    const origin = wanted.method ? { origin: base.origin } : {};
    expect(await ask({ ...wanted, headers: { ...origin, ...wanted.headers } })).toMatchObject({ code });
    expect(asked).toEqual([]);
  },
);

test('of the headers of the browser none is passed on, and none of those of the server comes back', async () => {
  const { headers } = await ask({
    path: 'api/v1/namespaces/a/configmaps/plain?dryRun=All&pretty=1',
    headers: {
      'impersonate-user': 'root',
      'impersonate-group': 'system:masters',
      'x-remote-user': 'root',
      'x-forwarded-for': '1.2.3.4',
      authorization: 'Bearer of-somebody-else',
      accept: 'application/vnd.kubernetes.protobuf',
      'accept-encoding': 'gzip',
    },
  });
  expect(headers['set-cookie'] ?? headers['x-secret']).toBeUndefined();
  const [{ headers: sent, url }] = asked as [(typeof asked)[number]];
  expect(url).toBe('/api/v1/namespaces/a/configmaps/plain');
  const { 'user-agent': agent, host: _, ...rest } = sent;
  expect(agent).toMatch(/^shallop\//);
  expect(rest).toEqual({
    accept: 'application/json',
    authorization: 'Bearer of-the-user',
    connection: 'keep-alive',
  });
});

test.each([
  ['a list', 'api/v1/secrets'],
  ['an object', 'api/v1/namespaces/a/secrets/door'],
  ['an encoded path', 'api/v1/namespaces/a/%73ecrets/door'],
  ['a watch', 'watch?path=/api/v1/secrets'],
  ['a watch that pretends', `watch?path=${encodeURIComponent('/api/v1/%73ecrets?as=Table')}`],
])('%s shows that there is a Secret, and not what it holds', async (_name, path) => {
  for (const accept of [
    'application/json',
    'application/yaml',
    'application/json;as=Table;g=meta.k8s.io;v=v1',
    '*/*',
  ]) {
    const { code, body } = await ask({ path, headers: { accept } });
    expect(code).toBe(200);
    expect(body).toContain('door');
    expect(body).not.toMatch(/sesame|c2VzYW1l/);
  }
});

test('an answer that is no object is not passed on', async () => {
  const { code, body } = await ask({ path: 'api/v1/namespaces/a/configmaps/odd' });
  expect([code, body]).toEqual([500, expect.not.stringContaining('sesame')]);
});

test('an object is YAML for people, without who owns its fields', async () => {
  const { body } = await ask({
    path: 'api/v1/namespaces/a/configmaps/plain',
    headers: { accept: 'application/yaml' },
  });
  expect(body).toContain('data:\n  a: "1"\n');
  expect(body).not.toContain('managedFields');
});

test('a refusal of the server comes with its words and code', async () => {
  const { code, body } = await ask({ path: 'api/v1/namespaces/a/pods' });
  expect([code, JSON.parse(body)]).toEqual([403, refusal]);
});

test('a log is text, whatever is in it', async () => {
  const { headers, body } = await ask({ path: 'api/v1/namespaces/a/pods/b/log?container=c&follow=true' });
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(body).toBe('<script>alert(1)</script>\n');
  expect(asked[0]!.url).toBe('/api/v1/namespaces/a/pods/b/log?container=c&follow=true');
});

test.each([
  ['/api/v1/configmaps?resourceVersion=5', 'event', { type: 'ERROR', object: { code: 410 } }],
  ['/api/v1/pods', 'status', { code: 503 }],
])('a stream of watches ends with the one of %s, and says how', async (path, field, what) => {
  const { body } = await ask({ path: `watch?path=${encodeURIComponent(path)}` });
  const lines = body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ of: 0, [field]: what }]);
  expect(body).not.toContain('sesame');
  expect(asked[0]!.url).toContain('allowWatchBookmarks=true');
});

test('a watch whose connection breaks has ended, no more: the page goes on where it was', async () => {
  const { body } = await ask({ path: 'watch?path=/api/v1/namespaces/breaks/configmaps' });
  expect(
    body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ of: 0, event: { type: 'ADDED' } }]);
});

test.each([
  ['', 'fieldManager=shallop-console&fieldValidation=Strict'],
  ['?dryRun=All', 'fieldManager=shallop-console&fieldValidation=Strict&dryRun=All'],
  [
    '?dryRun=All&fieldManager=kubectl&force=true',
    'fieldManager=shallop-console&fieldValidation=Strict&dryRun=All',
  ],
])('with --write an object is replaced (%s)', async (search, sent) => {
  await start(true);
  const { code, body } = await ask({
    ...{
      method: 'PUT',
      path: `api/v1/namespaces/a/configmaps/plain${search}`,
      headers: { origin: base.origin },
    },
    body: 'kind: ConfigMap\ndata: {a: "2"}\n',
  });
  expect([code, body]).toEqual([200, expect.stringContaining('a: "2"')]);
  expect(asked).toMatchObject([
    {
      ...{ method: 'PUT', url: `/api/v1/namespaces/a/configmaps/plain?${sent}` },
      body: '{"kind":"ConfigMap","data":{"a":"2"}}',
    },
  ]);
});

test('what is written means what it means to kubectl, and comes back the same', async () => {
  await start(true);
  const { body } = await ask({
    ...{ method: 'PUT', path: 'api/v1/namespaces/a/configmaps/plain', headers: { origin: base.origin } },
    body: 'kind: ConfigMap\ndata: {answer: "yes", mode: 0400, old: "0400"}\n',
  });
  expect(asked[0]!.body).toBe('{"kind":"ConfigMap","data":{"answer":"yes","mode":256,"old":"0400"}}');
  await ask({
    ...{ method: 'PUT', path: 'api/v1/namespaces/a/configmaps/plain', headers: { origin: base.origin } },
    body,
  });
  expect(JSON.parse(asked[1]!.body).data).toEqual({ answer: 'yes', mode: 256, old: '0400' });
});

test.each([
  ['a Secret', 'api/v1/namespaces/a/secrets/door', 'kind: Secret', 403],
  ['a Secret by another path', 'api/v1/namespaces/a/configmaps/plain', 'kind: Secret', 403],
  ['a list', 'api/v1/namespaces/a/configmaps', 'kind: ConfigMap', 405],
  ['half a dry run', 'api/v1/namespaces/a/configmaps/plain?dryRun=', 'kind: ConfigMap', 400],
  ['what is no YAML', 'api/v1/namespaces/a/configmaps/plain', 'a: [', 400],
  ['several objects', 'api/v1/namespaces/a/configmaps/plain', 'a: b\n---\nc: d', 400],
  ['nothing', 'api/v1/namespaces/a/configmaps/plain', '', 400],
  ['what is no object', 'api/v1/namespaces/a/configmaps/plain', '- a', 400],
  ['more than a server takes', 'api/v1/namespaces/a/configmaps/plain', 'a'.repeat(3 * 2 ** 20 + 1), 413],
  ['a page file', 'index.html', 'a: b', 404],
])('with --write %s is not replaced all the same', async (_name, path, body, code) => {
  await start(true);
  expect(await ask({ method: 'PUT', path, body, headers: { origin: base.origin } })).toMatchObject({ code });
  expect(asked).toEqual([]);
});

const socket = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
};
test.each([
  ['while reading', false, 'api/v1/namespaces/a/pods/b/exec', {}, 403],
  ['of another page', true, 'api/v1/namespaces/a/pods/b/exec', { origin: 'http://evil.example' }, 403],
  ['without a cookie', true, 'api/v1/namespaces/a/pods/b/exec', { cookie: undefined }, 401],
  ['to attach', true, 'api/v1/namespaces/a/pods/b/attach', {}, 404],
  ['to watch', true, 'api/v1/secrets', {}, 400],
  [
    'with a key of its own making',
    true,
    'api/v1/namespaces/a/pods/b/exec',
    { 'sec-websocket-key': 'a b' },
    400,
  ],
  ['by another protocol', true, 'api/v1/namespaces/a/pods/b/exec', { 'sec-websocket-protocol': 'x' }, 400],
])('a WebSocket %s is refused', async (_name, isWritable, path, headers, code) => {
  await start(isWritable as boolean);
  const all = { ...socket, origin: base.origin, ...headers };
  expect(await ask({ path: path as string, headers: all })).toMatchObject({ code });
  expect(asked).toEqual([]);
});

test.each([
  ['a terminal has one output', 'tty=true&', 'stdin=true&stdout=true'],
  ['without one there are two', '', 'stdin=true&stdout=true&stderr=true'],
])('a command is run as the page says it: %s', async (_name, tty, streams) => {
  await start(true);
  const path = `api/v1/namespaces/a/pods/b/exec?container=c&${tty}stdin=false&command=sh&command=-c&command=a%26b`;
  await ask({ path, headers: { ...socket, origin: base.origin } });
  expect(asked.map(({ url }) => url)).toEqual([
    `/api/v1/namespaces/a/pods/b/exec?container=c&${tty}${streams}&command=sh&command=-c&command=a%26b`,
  ]);
});
