import { expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';

const pods = 'POST /api/v1/namespaces/default/pods';
const claims = 'POST /api/v1/namespaces/default/persistentvolumeclaims';
type Amounts = Record<string, string>;

async function serverWith(...limits: object[]) {
  const server = await testServer();
  const body = { metadata: { name: 'range' }, spec: { limits } };
  const { status } = await server.send('POST /api/v1/namespaces/default/limitranges', { body });
  expect(status).toBe(201);
  return server;
}

const pod = (requests: Amounts, limits: Amounts, more: object = {}) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'a:1', resources: { requests, limits } }], ...more },
});

test('containers get what they do not say, and an annotation tells of it', async () => {
  const { send } = await serverWith({
    type: 'Container',
    default: { cpu: '500m', memory: '1Gi' },
    defaultRequest: { cpu: '100m' },
  });
  const initContainers = [{ name: 'i', image: 'a:1', resources: { limits: { cpu: '1', memory: '2Gi' } } }];
  const { json } = await send(pods, { body: pod({ cpu: '50m' }, {}, { initContainers }) });
  expect(json.spec.containers[0].resources).toEqual({
    limits: { cpu: '500m', memory: '1Gi' },
    requests: { cpu: '50m', memory: '1Gi' },
  });
  expect(json.spec.initContainers[0].resources).toEqual({
    limits: { cpu: '1', memory: '2Gi' },
    requests: { cpu: '1', memory: '2Gi' },
  });
  expect(json.metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: memory request for container c; cpu, memory limit for container c',
  });
});

const two = {
  containers: ['a', 'b'].map((name) => ({ name, image: 'a:1', resources: { requests: { cpu: '2' } } })),
};

test.each<[string, object, object, string | undefined]>([
  [
    'min',
    { min: { cpu: '100m' } },
    pod({ cpu: '50m' }, {}),
    'minimum cpu usage per Container is 100m, but request is 50m',
  ],
  [
    'max',
    { max: { cpu: '2' } },
    pod({ cpu: '1' }, { cpu: '3' }),
    'maximum cpu usage per Container is 2, but limit is 3',
  ],
  [
    'max of Pods',
    { type: 'Pod', max: { cpu: '3' } },
    { metadata: { name: 'p' }, spec: two },
    'maximum cpu usage per Pod is 3.  No limit is specified',
  ],
  [
    'min of Pods',
    { type: 'Pod', min: { cpu: '5' } },
    { metadata: { name: 'p' }, spec: two },
    'minimum cpu usage per Pod is 5, but request is 4',
  ],
  [
    'ratio',
    { maxLimitRequestRatio: { memory: '2' } },
    pod({ memory: '1Gi' }, { memory: '3Gi' }),
    'memory max limit to request ratio per Container is 2, but provided ratio is 3.000000',
  ],
  [
    'ratio of nothing',
    { maxLimitRequestRatio: { cpu: '1500m' } },
    pod({}, {}),
    'cpu max limit to request ratio per Container is 1500m, but no request is specified or request is 0',
  ],
  [
    'within',
    { min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '2' } },
    pod({ cpu: '1' }, { cpu: '2' }),
    undefined,
  ],
])('%s', async (_what, limit, body, why) => {
  const { send } = await serverWith({ type: 'Container', ...limit });
  const { json, status } = await send(pods, { body });
  if (why === undefined) expect(status).toBe(201);
  else expect(json).toMatchObject({ code: 403, message: `pods "p" is forbidden: ${why}` });
});

test('what is wrong in several ways is told at once', async () => {
  const { send } = await serverWith({ type: 'Container', max: { cpu: '1', memory: '1Gi' } });
  const { json } = await send(pods, { body: pod({}, { cpu: '2', memory: '2Gi' }) });
  expect(json.message).toBe(
    'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
  );
});

test.each([
  ['5Gi', undefined],
  ['500Mi', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi'],
  ['20Gi', 'maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 20Gi'],
])('a claim of %s: %s', async (storage, why) => {
  const limit = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } };
  const { send } = await serverWith(limit);
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
  const { json, status } = await send(claims, { body: { metadata: { name: 'p' }, spec } });
  if (why === undefined) expect(status).toBe(201);
  else expect(json).toMatchObject({ code: 403, message: expect.stringContaining(`is forbidden: ${why}`) });
});

test.each<[object, string]>([
  [
    { type: 'Node' },
    'spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified',
  ],
  [
    { type: 'Pod', default: { cpu: '1' } },
    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
  ],
  [
    { type: 'PersistentVolumeClaim' },
    'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
  ],
  [
    { type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } },
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ],
  [
    { type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } },
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
  ],
  [
    { type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3' } },
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
  ],
])('LimitRange of %j: %s', async (limit, why) => {
  const { send } = await testServer();
  const body = { metadata: { name: 'range' }, spec: { limits: [limit] } };
  const { json } = await send('POST /api/v1/namespaces/default/limitranges', { body });
  expect(json.message).toBe(`LimitRange "range" is invalid: ${why}`);
});

test('a resize stays within the limits, and a Pod that ends may have any', async () => {
  const { send } = await serverWith({ type: 'Container', max: { cpu: '500m' } });
  const finalizers = ['example.com/wait'];
  const body = { ...pod({ cpu: '100m' }, { cpu: '500m' }), metadata: { name: 'p', finalizers } };
  expect((await send(pods, { body })).status).toBe(201);
  const path = '/api/v1/namespaces/default/pods/p';
  const resize = () =>
    send(`PATCH ${path}/resize`, {
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { containers: [{ name: 'c', resources: { limits: { cpu: '600m' } } }] } },
    });
  const refused = await resize();
  expect(refused.status).toBe(403);
  expect(refused.json.message).toBe(
    'pods "p" is forbidden: maximum cpu usage per Container is 500m, but limit is 600m',
  );
  await send(`DELETE ${path}`);
  expect((await resize()).status).toBe(200);
});

test('a resize of one container does not give another what a later range has, where that changes how the Pod is treated', async () => {
  const { send } = await testServer();
  const body = pod({ cpu: '200m', memory: '64Mi' }, { cpu: '200m', memory: '64Mi' });
  body.spec.containers.push({ name: 'd', image: 'a:1' } as (typeof body.spec.containers)[number]);
  expect((await send(pods, { body })).json.status.qosClass).toBe('Burstable');
  const limits = [{ type: 'Container', default: { cpu: '500m', memory: '1Gi' } }];
  const range = { metadata: { name: 'range' }, spec: { limits } };
  await send('POST /api/v1/namespaces/default/limitranges', { body: range });
  const path = '/api/v1/namespaces/default/pods/p';
  const before = (await send(`GET ${path}`)).json;
  const amounts = { cpu: '300m' };
  const { status, json } = await send(`PATCH ${path}/resize`, {
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: { spec: { containers: [{ name: 'c', resources: { limits: amounts, requests: amounts } }] } },
  });
  expect([status, json.message]).toEqual([
    422,
    expect.stringContaining('Pod QOS Class may not change as a result of resizing'),
  ]);
  expect((await send(`GET ${path}`)).json).toEqual(before);
});

const names = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a.com/n${i}`, '2']));
const crowd = {
  metadata: { name: 'p' },
  spec: { containers: Array.from({ length: 1_000 }, (_, i) => ({ name: `c${i}`, image: 'a:1' })) },
};

test('what thousands of defaults would make of a thousand containers is refused before it is made', async () => {
  const { send } = await serverWith({ type: 'Container', default: names(10_000) });
  const { json } = await send(pods, { body: crowd });
  expect(json).toMatchObject({ code: 500, message: 'etcdserver: request is too large' });
});

test('of the millions of amounts that a thousand containers lack some thousands are looked at', async () => {
  const { send } = await serverWith({ type: 'Container', maxLimitRequestRatio: names(10_000) });
  const { json } = await send(pods, { body: crowd });
  expect(json.code).toBe(403);
  expect(json.message.match(/max limit to request ratio per Container is 2/g)).toHaveLength(10_000);
});
