import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readToken } from '../../aws/iam/presigned.ts';
import { runCommand } from '../command.ts';
import { tokenBy } from './credentials.ts';
import { pluginOf } from './plugin.ts';
import { type Proxy as OpenProxy, openProxy } from './proxy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-cli-aws-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function shallop(words: string[], env: Record<string, string | undefined> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    write: () => {},
    writeError: () => {},
    openInput: () => ({ chunks: Readable.from([]), close: () => {} }),
    input: async () => '',
    env: { KUBECONFIG: join(folder, 'kubeconfig'), ...env },
    cwd: folder,
    confirm: async () => false,
    interrupted: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('shallop token', () => {
  const call = ['token', '--cluster-id', 'c', '--region', 'eu-west-1', '--profile', 'test'];
  const before = process.env.AWS_SHARED_CREDENTIALS_FILE;
  beforeEach(() => {
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
    writeFileSync(
      join(folder, 'credentials'),
      '[test]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=s\n',
    );
  });
  afterEach(() => {
    process.env.AWS_SHARED_CREDENTIALS_FILE = before ?? '';
  });

  test.each([
    { info: undefined, apiVersion: 'client.authentication.k8s.io/v1' },
    {
      info: '{"apiVersion":"client.authentication.k8s.io/v1beta1"}',
      apiVersion: 'client.authentication.k8s.io/v1beta1',
    },
  ])('answers $apiVersion when asked for $info', async ({ info, apiVersion }) => {
    const { code, out } = await shallop(call, info ? { KUBERNETES_EXEC_INFO: info } : {});
    expect(code).toBe(0);
    const credential = JSON.parse(out);
    expect(credential).toMatchObject({ kind: 'ExecCredential', apiVersion });
    const read = readToken(credential.status.token, { region: 'eu-west-1', now: Date.now() });
    expect(read).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
    expect(Date.parse(credential.status.expirationTimestamp)).toBeGreaterThan(Date.now() + 13 * 60_000);
  });

  test.each([
    { words: ['token'], env: {}, code: 2, says: '--cluster-id' },
    { words: ['token', '--cluster-id', 'c'], env: {}, code: 2, says: '--region' },
    { words: call, env: { KUBERNETES_EXEC_INFO: '{"apiVersion":"v9"}' }, code: 1, says: 'asks for v9' },
    { words: call, env: { KUBERNETES_EXEC_INFO: '{' }, code: 1, says: 'is not JSON' },
  ])('$words with $env says what is wrong', async ({ words, env, code, says }) => {
    expect(await shallop(words, env)).toMatchObject({ code, err: expect.stringContaining(says) });
  });

  test('a token does not outlive the credentials', () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 's' };
    const target = { region: 'us-east-1', clusterId: 'c' };
    expect(tokenBy(credentials, target, 0).expiresAt).toBe(840_000);
    expect(tokenBy({ ...credentials, expiresAt: 60_000 }, target, 0).expiresAt).toBe(60_000);
  });
});

test('kubeconfig --aws writes a context whose tokens are asked for', async () => {
  const where = [
    '--endpoint',
    'https://api.example/k8s/',
    '--cluster-id',
    'shallop-dev',
    '--region',
    'eu-west-1',
  ];
  const call = ['kubeconfig', '--aws', '--name', 'dev', '--cluster', 'red', '--merge', '--select', ...where];
  expect(await shallop(call)).toMatchObject({ code: 0 });
  const file = join(folder, 'kubeconfig');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(file, 'utf8'))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'shallop-dev-red',
    clusters: [{ name: 'shallop-dev-red', cluster: { server: 'https://api.example/k8s/clusters/red' } }],
    contexts: [{ name: 'shallop-dev-red', context: { cluster: 'shallop-dev-red', user: 'shallop-dev-red' } }],
    users: [
      {
        name: 'shallop-dev-red',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            interactiveMode: 'IfAvailable',
            command: 'shallop',
            args: ['token', '--cluster-id', 'shallop-dev', '--region', 'eu-west-1'],
          },
        },
      },
    ],
  });
});

test('costs are those of a deployment on AWS: of one machine there are none to ask for', async () => {
  expect(await shallop(['status', '--costs'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('only be used with --aws'),
  });
});

test.each([
  ['/repo/bin/shallop.js', '/repo/bin/shallop.js'],
  ['/usr/local/bin/shallop', '/usr/local/bin/shallop'],
  ['/repo/node_modules/jest/bin/jest.js', 'shallop'],
  [undefined, 'shallop'],
])('run as %s, kubectl is to call %s', (script, command) => {
  expect(pluginOf({ clusterId: 'c', region: 'r' }, script).command).toBe(command);
});

describe('the proxy', () => {
  let serve: (request: IncomingMessage, response: ServerResponse) => void;
  const upstream = createServer((incoming, outgoing) => serve(incoming, outgoing));
  let proxy: OpenProxy;
  let tokens: number;
  let now: number;
  beforeEach(async () => {
    [tokens, now] = [0, 0];
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    proxy = await openProxy({
      endpoint: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/k8s`,
      port: 0,
      newToken: async () => ({ token: `t${++tokens}`, expiresAt: now + 840_000 }),
      now: () => now,
    });
  });
  afterEach(async () => {
    await proxy.close();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });
  const ask = (path: string, options: { headers?: IncomingHttpHeaders; body?: string } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { headers, body } = options;
      const method = body === undefined ? 'GET' : 'POST';
      const sent = request(
        { host: '127.0.0.1', port: proxy.port, path, method, headers, agent: false },
        resolve,
      );
      sent.once('error', reject);
      sent.end(body);
    });
  const textOf = async (answer: IncomingMessage) => {
    let text = '';
    for await (const chunk of answer) text += chunk;
    return text;
  };

  test('forwards path, body and headers, with a token of its own', async () => {
    serve = async (incoming, outgoing) => {
      const { url, headers } = incoming;
      outgoing.end(JSON.stringify([url, headers.authorization, headers['x-a'], await textOf(incoming)]));
    };
    const headers = { authorization: 'Bearer theirs', 'x-a': 'b' };
    const answer = await ask('/api/v1?a=b%2Fc', { headers, body: 'hello' });
    expect(JSON.parse(await textOf(answer))).toEqual(['/k8s/api/v1?a=b%2Fc', 'Bearer t1', 'b', 'hello']);
  });

  test('a path that looks like another host stays a path', async () => {
    serve = (incoming, outgoing) => void outgoing.end(incoming.url);
    expect(await textOf(await ask('//evil.example/x'))).toBe('/k8s//evil.example/x');
    const { port } = upstream.address() as AddressInfo;
    const bare = await openProxy({
      endpoint: `http://127.0.0.1:${port}`,
      port: 0,
      newToken: async () => ({ token: 't', expiresAt: 840_000 }),
      now: () => 0,
    });
    const answer = await fetch(`http://127.0.0.1:${bare.port}//evil.example/x`);
    expect(await answer.text()).toBe('//evil.example/x');
    await bare.close();
  });

  test('makes a new token a minute before the old one ends', async () => {
    serve = (incoming, outgoing) => void outgoing.end(incoming.headers.authorization);
    const tokenAt = async (time: number) => {
      now = time;
      return textOf(await ask('/'));
    };
    expect(await tokenAt(0)).toBe('Bearer t1');
    expect(await tokenAt(780_000)).toBe('Bearer t1');
    expect(await tokenAt(780_001)).toBe('Bearer t2');
  });

  test('streams, and tells the other side when its client leaves', async () => {
    const left = new Promise<void>((resolve) => {
      serve = (_incoming, outgoing) => {
        outgoing.write('one\n');
        outgoing.once('close', resolve);
      };
    });
    const answer = await ask('/watch');
    const [first] = await new Promise<Buffer[]>((resolve) =>
      answer.once('data', (chunk) => resolve([chunk])),
    );
    expect(String(first)).toBe('one\n');
    answer.once('error', () => {});
    answer.destroy();
    await left;
  });

  test.each([
    { why: 'another host name', headers: { host: 'evil.example' }, code: 403 },
    { why: 'a web page', headers: { origin: 'https://evil.example' }, code: 403 },
    { why: 'an image on a web page', headers: { 'sec-fetch-site': 'cross-site' }, code: 403 },
    { why: 'an upgrade', headers: { connection: 'Upgrade', upgrade: 'websocket' }, code: 405 },
  ])('refuses $why by a Status', async ({ headers, code }) => {
    serve = (_incoming, outgoing) => void outgoing.end('reached');
    const answer = await ask('/', { headers });
    expect(answer.statusCode).toBe(code);
    expect(JSON.parse(await textOf(answer))).toMatchObject({ kind: 'Status', code });
    expect(tokens).toBe(0);
  });

  test('says by a Status that the API cannot be reached', async () => {
    serve = (_incoming, outgoing) => void outgoing.destroy();
    const answer = await ask('/');
    expect(JSON.parse(await textOf(answer))).toMatchObject({
      kind: 'Status',
      code: 503,
      reason: 'ServiceUnavailable',
    });
  });
});
