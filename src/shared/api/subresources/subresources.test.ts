import { describe, expect, test } from '@jest/globals';
import { badRequest } from '../../errors/common.ts';
import type { LogOptions } from '../../ports/cloud.ts';
import { testServer } from '../testing/testingServer.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';
const merge = { 'content-type': 'application/merge-patch+json' };
const deployment = {
  metadata: { name: 's' },
  spec: {
    replicas: 1,
    selector: {
      matchLabels: { a: 's' },
      matchExpressions: [{ key: 'b', operator: 'In', values: ['y', 'x'] }],
    },
    template: {
      metadata: { labels: { a: 's', b: 'x' } },
      spec: { containers: [{ name: 'c', image: 'a:1' }] },
    },
  },
};

describe('scale', () => {
  const scaled = async () => {
    const server = await testServer();
    const { json } = await server.send(`POST ${deployments}`, { body: deployment });
    return { ...server, created: json };
  };

  test('is printed with what is wanted and what is there', async () => {
    const { send } = await scaled();
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { json } = await send(`GET ${deployments}/s/scale`, { headers });
    const names = json.columnDefinitions.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['Name', 'Desired', 'Available', 'Age']);
    expect(json.rows[0].cells).toEqual(['s', 1, 0, expect.any(String)]);
  });

  test('shows replicas and selector under the identity of what it scales', async () => {
    const { send, created } = await scaled();
    const { name, namespace, uid, resourceVersion, creationTimestamp } = created.metadata;
    expect((await send(`GET ${deployments}/s/scale`)).json).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 1 },
      status: { replicas: 0, selector: 'a=s,b in (x,y)' },
    });
  });

  test('PATCH and PUT change the replicas and count a generation', async () => {
    const { send } = await scaled();
    const patched = await send(`PATCH ${deployments}/s/scale`, {
      headers: merge,
      body: { spec: { replicas: 4 } },
    });
    expect(patched.json.spec).toEqual({ replicas: 4 });
    const zero = { ...patched.json, spec: { replicas: 0 } };
    expect((await send(`PUT ${deployments}/s/scale`, { body: zero })).json.spec).toEqual({});
    expect((await send(`PUT ${deployments}/s/scale`, { body: zero })).status).toBe(409);
    const { json } = await send(`GET ${deployments}/s`);
    expect([json.spec.replicas, json.metadata.generation]).toEqual([0, 3]);
  });

  test('refuses a negative number and dry runs', async () => {
    const { send } = await scaled();
    const patch = (query: string, replicas: number) =>
      send(`PATCH ${deployments}/s/scale${query}`, { headers: merge, body: { spec: { replicas } } });
    expect((await patch('', -1)).json.message).toBe(
      'Scale.autoscaling "s" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect((await patch('?dryRun=All', 9)).json.spec).toEqual({ replicas: 9 });
    expect((await send(`GET ${deployments}/s`)).json.spec.replicas).toBe(1);
  });
});

describe('log', () => {
  const withPod = async (podLogs: (container: string, options: LogOptions) => AsyncIterable<Uint8Array>) => {
    const server = await testServer({ podLogs: (_pod, container, options) => podLogs(container, options) });
    const containers = ['c', 'd'].map((name) => ({ name, image: 'a:1' }));
    await server.send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec: { containers } } });
    const bind = () =>
      server.send(`POST ${pods}/p/binding`, { body: { metadata: { name: 'p' }, target: { name: 'n' } } });
    return { ...server, bind };
  };
  async function* lines(...texts: string[]) {
    for (const text of texts) yield Buffer.from(text);
  }

  test('streams what the runtime gives, with every option', async () => {
    const asked: [string, LogOptions][] = [];
    const { send, bind, clock } = await withPod((...args) => {
      asked.push(args);
      return lines('one\n', 'two\n');
    });
    await bind();
    const query =
      'container=d&follow=true&previous=true&timestamps=true&tailLines=0&limitBytes=9&sinceSeconds=60';
    const { text, headers } = await send(`GET ${pods}/p/log?${query}`);
    expect([text, headers['content-type']]).toEqual(['one\ntwo\n', 'text/plain']);
    const options = { follow: true, previous: true, timestamps: true, tailLines: 0, limitBytes: 9 };
    expect(asked).toEqual([['d', { ...options, sinceMs: clock.now() - 60_000, signal: expect.anything() }]]);
  });

  test.each([
    { query: '', message: 'a container name must be specified for pod p, choose one of: [c d]' },
    { query: '?container=x', message: 'container x is not valid for pod p' },
    {
      query: '?container=c&tailLines=-1',
      message:
        'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    },
    { query: '?container=c&sinceTime=yesterday', message: 'parsing time "yesterday": not an RFC 3339 time' },
    { query: '?container=c', message: 'pod p does not have a host assigned' },
  ])('refuses $query', async ({ query, message }) => {
    const { send } = await withPod(() => lines());
    expect((await send(`GET ${pods}/p/log${query}`)).json.message).toBe(message);
  });

  test('an error at the start is a Status', async () => {
    const { send, bind } = await withPod(() => waiting());
    await bind();
    expect((await send(`GET ${pods}/p/log?container=c`)).json).toMatchObject({
      reason: 'BadRequest',
      message: 'is waiting',
    });
  });

  // biome-ignore lint/correctness/useYield: what a runtime does when there is nothing to read
  async function* waiting(): AsyncGenerator<Uint8Array> {
    throw badRequest('is waiting');
  }
});

describe('reviews', () => {
  test('say who asks and what the authoriser answers', async () => {
    const { send } = await testServer();
    const post = (target: string, spec?: object, headers = {}) =>
      send(`POST /apis/${target}`, { body: { ...(spec && { spec }) }, headers });
    expect((await post('authentication.k8s.io/v1/selfsubjectreviews')).json).toEqual({
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      status: { userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] } },
    });
    const resourceAttributes = { namespace: 'default', verb: 'impersonate', resource: 'users' };
    const canI = 'authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect(await post(canI, { resourceAttributes })).toMatchObject({
      status: 201,
      json: { spec: { resourceAttributes }, status: { allowed: true } },
    });
    const bob = { 'impersonate-user': 'bob' };
    expect((await post(canI, { resourceAttributes }, bob)).json.status).toEqual({ allowed: false });
    const rules = await post('authorization.k8s.io/v1/selfsubjectrulesreviews', { namespace: 'default' });
    expect(rules.json).toMatchObject({
      spec: {},
      status: {
        resourceRules: expect.arrayContaining([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
        incomplete: false,
      },
    });
  });
});

test('a token of a ServiceAccount', async () => {
  const { send } = await testServer({
    issueToken: async ({ expirationSeconds, audiences = ['api'] }) => ({
      token: 'jwt',
      expiresAt: Date.UTC(2026, 0, 1) + expirationSeconds * 1000,
      audiences,
    }),
  });
  const token = 'POST /api/v1/namespaces/default/serviceaccounts/default/token';
  expect(await send(token, { body: { spec: { expirationSeconds: 600, audiences: ['x'] } } })).toMatchObject({
    status: 201,
    json: {
      kind: 'TokenRequest',
      metadata: { name: 'default', namespace: 'default' },
      spec: { audiences: ['x'], expirationSeconds: 600, boundObjectRef: null },
      status: { token: 'jwt', expirationTimestamp: '2026-01-01T00:10:00Z' },
    },
  });
  expect((await send(token, { body: { spec: { expirationSeconds: 60 } } })).json.message).toBe(
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
  );
});

test('a token that is bound to a Pod knows its node', async () => {
  const asked: unknown[] = [];
  const { send } = await testServer({
    issueToken: async ({ boundTo, node }) => {
      asked.push({ boundTo, node });
      return { token: 'jwt', expiresAt: 0, audiences: [] };
    },
  });
  const { json: node } = await send('POST /api/v1/nodes', { body: { metadata: { name: 'n1' } } });
  const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] };
  const { json: pod } = await send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
  const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'p' };
  const { status } = await send('POST /api/v1/namespaces/default/serviceaccounts/default/token', {
    body: { spec: { boundObjectRef } },
  });
  expect(status).toBe(201);
  expect(asked).toEqual([
    {
      boundTo: { ...boundObjectRef, uid: pod.metadata.uid },
      node: { name: 'n1', uid: node.metadata.uid },
    },
  ]);
});

test.each(['exec', 'attach', 'portforward'])(
  'pods/%s says of a Pod without a node what a real server says, whatever is served here',
  async (name) => {
    const { send } = await testServer();
    await send(`POST ${pods}`, {
      body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    expect((await send(`GET ${pods}/p/${name}?command=x`)).json).toMatchObject({
      reason: 'BadRequest',
      message: 'pod p does not have a host assigned',
    });
    expect((await send(`GET ${pods}/none/${name}?command=x`)).json).toMatchObject({ reason: 'NotFound' });
  },
);

test.each(['exec', 'attach', 'portforward', 'proxy'])(
  'pods/%s says that it is not there yet',
  async (name) => {
    const { send } = await testServer();
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    await send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec: { ...spec, nodeName: 'n' } } });
    expect((await send(`GET ${pods}/p/${name}?command=x`)).json).toMatchObject({
      kind: 'Status',
      reason: 'MethodNotAllowed',
      message: `pods/${name} is not supported by this server yet`,
    });
  },
);
