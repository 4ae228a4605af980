import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeProtobuf } from '../../src/shared/kinds/schema/protobuf-encode.ts';
import { ask, type Question } from '../support/aws/ask.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { until } from '../support/until.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const watchOf = (query: string) => `GET ${maps}?watch=true&resourceVersion=1&${query}`;

describe('the API Lambda behind a streaming gateway', () => {
  let deployment: Deployment;
  const send = (line: string, question: Question = {}) =>
    ask(deployment.front, line, { token: deployment.token('ADMIN'), ...question });
  const audited = () =>
    deployment.front.output.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const watches = () => audited().filter(({ verb }) => verb === 'watch');

  beforeAll(async () => {
    deployment = await openDeployment('kubectl');
  });
  afterAll(() => deployment?.close());
  afterEach(() => expect(deployment.front.output.filter((line) => line.startsWith('front:'))).toEqual([]));

  test('a quiet watch has its headers at once, and ends in time with a bookmark to go on from', async () => {
    const watch = await send(watchOf('timeoutSeconds=2&allowWatchBookmarks=true'));
    expect(watch.status).toBe(200);
    expect(watch.headers['content-type']).toBe('application/json');
    const lines = (await watch.text()).trim().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap' } });
  });

  test('changes come while the watch goes on', async () => {
    const watch = await send(watchOf('timeoutSeconds=60'));
    await send(`POST ${maps}`, { body: '{"metadata":{"name":"news"}}' });
    expect(JSON.parse((await watch.next())!)).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'news' } },
    });
    watch.leave();
  });

  test('a watch whose client leaves stops working', async () => {
    const before = watches().length;
    const watch = await send(watchOf('timeoutSeconds=60'));
    watch.leave();
    await until('the watch to be over', () => watches().length > before);
    expect(watches().at(-1).milliseconds).toBeLessThan(30_000);
  });

  test('a body in protobuf arrives unharmed', async () => {
    const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64');
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'binary' },
      binaryData: { binary },
    };
    const type = 'application/vnd.kubernetes.protobuf';
    const body = encodeProtobuf(object, 'ConfigMap');
    const created = await send(`POST ${maps}`, {
      headers: { 'content-type': type, accept: 'application/json' },
      body,
    });
    expect(JSON.parse(await created.text()).binaryData).toEqual({ binary });
    const read = await send(`GET ${maps}/binary`, { headers: { accept: type } });
    expect(read.headers['content-type']).toBe(type);
    expect((await read.text()).startsWith('k8s\0')).toBe(true);
  });

  test.each([
    {
      why: 'more than Lambda takes',
      line: `POST ${maps}`,
      body: 'x'.repeat(5_000_000),
      status: 413,
      reason: 'RequestEntityTooLarge',
    },
    {
      why: 'more than the API takes',
      line: `POST ${maps}`,
      body: 'x'.repeat(3_200_000),
      status: 413,
      reason: 'RequestEntityTooLarge',
    },
    {
      why: 'what the gateway refuses',
      line: `GET ${maps}?labelSelector=a|b`,
      status: 400,
      reason: 'BadRequest',
    },
    { why: 'bad escapes', line: `GET ${maps}?continue=x`, status: 400, reason: 'BadRequest' },
  ])('$why is a Status: $reason', async ({ line, body, status, reason }) => {
    const answer = await send(line, { ...(body && { body }) });
    expect(answer.status).toBe(status);
    expect(JSON.parse(await answer.text())).toMatchObject({ kind: 'Status', status: 'Failure', reason });
  });

  test.each(['/', '/api', '/apis', '/metrics', '/openapi/v3', maps, '/clusters/red/api/v1/pods'])(
    'without a token %s is forbidden',
    async (path) => {
      const answer = await ask(deployment.front, `GET ${path}`);
      expect(answer.status).toBe(403);
      expect(JSON.parse(await answer.text())).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    },
  );

  test.each(['/healthz', '/livez', '/readyz', '/version'])('%s is open', async (path) => {
    expect((await ask(deployment.front, `GET ${path}`)).status).toBe(200);
  });

  test('who asks for what changed since has it all: an answer without a body may not end', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const first = await send('GET /apis', { headers: { accept } });
    const text = await first.text();
    const again = await send('GET /apis', { headers: { accept, 'if-none-match': first.headers.etag! } });
    expect(again.status).toBe(200);
    expect(await again.text()).toBe(text);
  });

  test.each(['pods/a%3Ab', 'pods/a%20b?labelSelector=a+in+(b)'])(
    '%s is asked for as it was sent',
    async (what) => {
      const answer = await send(`GET /api/v1/namespaces/default/${what}`);
      expect(JSON.parse(await answer.text()).message).toContain(decodeURIComponent(what.split(/[/?]/)[1]!));
    },
  );

  test('each request is one line of the audit log, without its token', async () => {
    const token = deployment.token('ADMIN');
    await (await send(`GET ${maps}/none?pretty=true`, { token })).text();
    await until('the line', () => audited().some(({ name }) => name === 'none'));
    expect(audited().find(({ name }) => name === 'none')).toMatchObject({
      message: 'request',
      user: 'kubernetes-admin',
      principal: expect.stringContaining('assumed-role/admin'),
      cluster: 'default',
      verb: 'get',
      plural: 'configmaps',
      namespace: 'default',
      path: `${maps}/none`,
      code: 404,
      milliseconds: expect.any(Number),
      address: '203.0.113.7',
    });
    expect(deployment.front.output.join('\n')).not.toContain(token.slice(20));
  });

  test('STS is asked once for a token', async () => {
    const token = deployment.token('VIEWER');
    await send('GET /api', { token });
    const before = deployment.stsCalls();
    for (let i = 0; i < 3; i++) await send('GET /api', { token });
    expect(deployment.stsCalls()).toBe(before);
  });
});

test.each([
  { what: 'read to its end', leaves: false },
  { what: 'left, of which the function hears nothing', leaves: true },
])(
  'a watch that is $what ends properly before its Lambda does',
  async ({ leaves }) => {
    const deployment = await openDeployment('kubectl', { timeoutMs: 4_000, tellsDisconnects: false });
    const { output } = deployment.front;
    try {
      const token = deployment.token('ADMIN');
      const watch = await ask(deployment.front, watchOf('timeoutSeconds=600'), { token });
      if (leaves) watch.leave();
      else await watch.text();
      await until('the watch to be over', () => output.some((line) => line.includes('"verb":"watch"')));
      expect(output.filter((line) => line.startsWith('front:'))).toEqual([]);
    } finally {
      await deployment.close();
    }
  },
  180_000,
);
