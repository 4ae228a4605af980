import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OtherServers } from '../../ports/otherServers.ts';
import { testServer } from '../testing/testingServer.ts';

const services = '/apis/apiregistration.k8s.io/v1/apiservices';
const far = {
  metadata: { name: 'v1.far.example' },
  spec: {
    group: 'far.example',
    version: 'v1',
    groupPriorityMinimum: 1000,
    versionPriority: 15,
    insecureSkipTLSVerify: true,
    service: { namespace: 'default', name: 'far' },
  },
};
const available = { status: { conditions: [{ type: 'Available', status: 'True' }] } };
const merge = { 'content-type': 'application/merge-patch+json' };
const asAggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Sent = Parameters<OtherServers['send']>[2] & { text?: string };

const documents = {
  paths: {
    'apis/far.example/v1': { serverRelativeURL: '/openapi/v3/apis/far.example/v1?hash=AB' },
    'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=other' },
  },
};

const swagger = {
  paths: {
    '/apis/far.example/v1/ships': { get: { responses: { 200: { schema: { $ref: '#/definitions/Ship' } } } } },
    '/apis/apps/v1/deployments': { get: { theirs: true } },
  },
  definitions: { Ship: { type: 'object' } },
};

const ships = [
  { name: 'ships', singularName: 'ship', namespaced: true, kind: 'Ship', verbs: ['get', 'list'] },
  { name: 'ships/status', namespaced: true, kind: 'Ship', verbs: ['get'] },
];

/** A server that answers with a list of resources for its version, and with what it was asked otherwise. */
function farServer(resources: unknown = ships) {
  const sent: Sent[] = [];
  const server: OtherServers = {
    async send(_cluster, _service, request) {
      let text = '';
      for await (const chunk of request.body ?? []) text += Buffer.from(chunk).toString();
      sent.push({ ...request, text });
      const list = { kind: 'APIResourceList', groupVersion: 'far.example/v1', resources };
      const answer =
        request.path.startsWith('/apis/far.example/v1?') || request.path === '/apis/far.example/v1'
          ? list
          : request.path === '/openapi/v3'
            ? documents
            : request.path === '/openapi/v2'
              ? swagger
              : { asked: request.path };
      return {
        status: 200,
        headers: [
          ['content-type', 'application/json'],
          ['content-length', String(JSON.stringify(answer).length)],
        ],
        body: (async function* () {
          yield Buffer.from(JSON.stringify(answer));
        })(),
      };
    },
  };
  return { sent, server };
}

describe('a group that another server serves', () => {
  let sent: Sent[];
  let send: Awaited<ReturnType<typeof testServer>>['send'];
  beforeEach(async () => {
    const other = farServer();
    sent = other.sent;
    ({ send } = await testServer({ otherServers: other.server }));
    await send(`POST ${services}`, { body: far });
  });
  const becomeAvailable = () =>
    send(`PATCH ${services}/v1.far.example/status`, { headers: merge, body: available });

  test('is in the Swagger document once its server answers, as far as it is its own', async () => {
    expect((await send('GET /openapi/v2')).json.definitions.Ship).toBeUndefined();
    await becomeAvailable();
    const { json } = await send('GET /openapi/v2');
    expect(json.definitions.Ship).toEqual({ type: 'object' });
    expect(json.paths['/apis/far.example/v1/ships'].get.responses[200].schema).toEqual({
      $ref: '#/definitions/Ship',
    });
    expect(json.paths['/apis/apps/v1/deployments'].get.theirs).toBeUndefined();
  });

  test('is unavailable in the words of Kubernetes until its server has answered', async () => {
    const { status, text } = await send('GET /apis/far.example/v1/ships');
    expect([status, text]).toEqual([503, 'service unavailable\n']);
    expect(sent).toEqual([]);
  });

  test('gets requests with path, query, body and who asks, whatever the client says of that', async () => {
    await becomeAvailable();
    const { status, json } = await send('POST /apis/far.example/v1/namespaces/a/ships?dryRun=All&x=%2F', {
      headers: {
        'x-remote-user': 'root',
        'x-remote-group': 'system:masters',
        'x-remote-extra-a': 'b',
        authorization: 'Bearer t',
        'content-length': '7',
      },
      body: { a: 1 },
    });
    expect(status).toBe(200);
    const path = '/apis/far.example/v1/namespaces/a/ships?dryRun=All&x=%2F';
    expect(json).toEqual({ asked: path });
    const [{ headers, method, text }] = sent as [Sent];
    expect([method, text]).toEqual(['POST', '{"a":1}']);
    const claims = headers.filter(([name]) => name.startsWith('x-remote-') || name === 'authorization');
    expect(claims.filter(([name]) => name === 'x-remote-user')).toHaveLength(1);
    expect(claims).not.toContainEqual(['x-remote-user', 'root']);
    expect(claims.map(([name]) => name)).not.toContain('authorization');
    expect(claims.map(([name]) => name)).not.toContain('x-remote-extra-a');
    expect(headers).toContainEqual(['host', 'far.default.svc']);
  });

  test('is answered as its server answered, byte for byte, whatever codings the client takes', async () => {
    await becomeAvailable();
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await send('GET /apis/far.example/v1/ships', { headers });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.text).toHaveLength(Number(answer.headers['content-length']));
  });

  test('gets no path that leads out of it', async () => {
    await becomeAvailable();
    expect((await send('GET /apis/far.example/v1/%2E%2E/secrets')).status).toBe(404);
    await send('GET /apis/far.example/v1/namespaces/a%2F..%2Fb/ships');
    expect(sent.map(({ path }) => path)).toEqual(['/apis/far.example/v1/namespaces/a%2F..%2Fb/ships']);
  });

  test('stands in discovery, in every form', async () => {
    await becomeAvailable();
    const group = { groupVersion: 'far.example/v1', version: 'v1' };
    const expected = { name: 'far.example', versions: [group], preferredVersion: group };
    const { json: list } = await send('GET /apis');
    expect(list.groups).toContainEqual(expected);
    expect((await send('GET /apis/far.example')).json).toMatchObject(expected);
    expect((await send('GET /apis/far.example/v1')).json.resources).toHaveLength(2);
    const { json: whole } = await send('GET /apis', { headers: { accept: asAggregated } });
    expect(whole.items.at(-1)).toMatchObject({
      metadata: { name: 'far.example' },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [{ resource: 'ships', scope: 'Namespaced', subresources: [{ subresource: 'status' }] }],
        },
      ],
    });
  });

  test('has its OpenAPI in the index, and nothing else that its server says there', async () => {
    await becomeAvailable();
    const { json } = await send('GET /openapi/v3');
    expect(json.paths['apis/far.example/v1']).toEqual(documents.paths['apis/far.example/v1']);
    expect(json.paths['apis/apps/v1'].serverRelativeURL).not.toContain('other');
    expect(Object.keys(json.paths)).toEqual(Object.keys(json.paths).sort());
    const path = '/openapi/v3/apis/far.example/v1?hash=AB';
    expect((await send(`GET ${path}`)).json).toEqual({ asked: path });
    expect((await send('GET /openapi/v3/apis/far.example/v2')).status).toBe(404);
  });

  test('leaves discovery with its APIService', async () => {
    await becomeAvailable();
    await send(`DELETE ${services}/v1.far.example`);
    expect((await send('GET /apis/far.example/v1/ships')).status).toBe(404);
    expect((await send('GET /apis/far.example')).status).toBe(404);
  });
});

test.each([
  { resources: null, freshness: 'Current' },
  { resources: [{ kind: 'Ship' }], freshness: 'Stale' },
  { resources: [null], freshness: 'Stale' },
  { resources: 'ships', freshness: 'Stale' },
])(
  'a server that says $resources for its resources spoils no discovery',
  async ({ resources, freshness }) => {
    const { send } = await testServer({ otherServers: farServer(resources).server });
    await send(`POST ${services}`, { body: far });
    await send(`PATCH ${services}/v1.far.example/status`, { headers: merge, body: available });
    const { status, json } = await send('GET /apis', { headers: { accept: asAggregated } });
    expect(status).toBe(200);
    expect(json.items.at(-1)).toEqual({
      metadata: { name: 'far.example' },
      versions: [{ version: 'v1', resources: [], freshness }],
    });
  },
);

test('where no Service is reached, a Status says which one that was', async () => {
  const { send } = await testServer({ proxyRemedy: 'the API is not in the network of Pods' });
  await send(`POST ${services}`, { body: far });
  const { status, json } = await send('GET /apis/far.example/v1/ships');
  expect(status).toBe(503);
  expect(json).toMatchObject({
    reason: 'ServiceUnavailable',
    message:
      'APIService "v1.far.example" is served by service default/far, which this server does not reach: the API is not in the network of Pods',
  });
});

test('the versions that are served here are registered, as local and available', async () => {
  const { send } = await testServer();
  const { json } = await send(`GET ${services}`);
  const names = json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  expect(names).toEqual(expect.arrayContaining(['v1.', 'v1.apps', 'v2.autoscaling', 'v1.resource.k8s.io']));
  expect(
    json.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'v1.apps'),
  ).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
    spec: { groupPriorityMinimum: 17800, versionPriority: 15 },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] },
  });
});

test('what Pods use is told by a server that somebody has registered for it, as long as it answers', async () => {
  const { server, sent } = farServer([]);
  const meter = {
    pod: async () => undefined,
    usages: async () => [],
    nodeUsage: async () => undefined,
    node: async () => undefined,
  };
  const { send } = await testServer({ otherServers: server, meter });
  const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';
  const name = 'v1beta1.metrics.k8s.io';
  await send(`POST ${services}`, {
    body: { ...far, metadata: { name }, spec: { ...far.spec, group: 'metrics.k8s.io', version: 'v1beta1' } },
  });
  expect((await send(`GET ${nodes}`)).json.kind).toBe('NodeMetricsList');
  await send(`PATCH ${services}/${name}/status`, { headers: merge, body: available });
  expect((await send(`GET ${nodes}`)).json).toEqual({ asked: nodes });
  expect(sent).toHaveLength(1);
  await send(`DELETE ${services}/${name}`);
  expect((await send(`GET ${nodes}`)).json.kind).toBe('NodeMetricsList');
});
