import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import type { Stored } from '../ports/storage.ts';
import { openMemoryStorage } from '../storage/memory/index.ts';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';
const merge = { 'content-type': 'application/merge-patch+json' };
type Server = Awaited<ReturnType<typeof testServer>>;

const deployment = {
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'a:1' }] } },
  },
};
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'a:1' }] } };
const patch = ({ send }: Server, target: string, body: object) =>
  send(`PATCH ${target}`, { headers: merge, body });
const types = async (watch: Awaited<ReturnType<Server['open']>>, count: number) => {
  const seen: string[] = [];
  for (let i = 0; i < count; i++) seen.push((await watch.next()).type);
  return seen;
};

describe('finalizers', () => {
  test('hold a deleted object until the last one goes', async () => {
    const server = await testServer();
    const finalizers = ['example.com/hold'];
    await server.send(`POST ${configMaps}`, { body: { metadata: { name: 'f', finalizers } } });
    const watch = await server.open(`GET ${configMaps}?watch=true&resourceVersion=2`);
    const deleted = await server.send(`DELETE ${configMaps}/f`);
    expect(deleted.json).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0, finalizers },
    });
    expect((await server.send(`DELETE ${configMaps}/f`)).text).toBe(deleted.text);
    const more = await patch(server, `${configMaps}/f`, {
      metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
    });
    expect(more.json.message).toBe(
      'ConfigMap "f" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
    );
    const last = await patch(server, `${configMaps}/f`, { metadata: { finalizers: null } });
    expect(last).toMatchObject({ status: 200, json: { metadata: { resourceVersion: '3' } } });
    expect(last.json.metadata.finalizers).toBeUndefined();
    expect((await server.send(`GET ${configMaps}/f`)).status).toBe(404);
    expect(await types(watch, 2)).toEqual(['MODIFIED', 'DELETED']);
    await watch.close();
  });

  test.each([
    { propagationPolicy: 'Foreground', finalizer: 'foregroundDeletion' },
    { propagationPolicy: 'Orphan', finalizer: 'orphan' },
  ])(
    '$propagationPolicy leaves $finalizer to the garbage collector',
    async ({ propagationPolicy, finalizer }) => {
      const server = await testServer();
      await server.send(`POST ${configMaps}`, { body: { metadata: { name: 'o' } } });
      const { json } = await server.send(`DELETE ${configMaps}/o`, { body: { propagationPolicy } });
      expect(json.metadata.finalizers).toEqual([finalizer]);
    },
  );

  test('a namespace is Terminating until its own finalizer is taken away', async () => {
    const server = await testServer();
    await server.send('POST /api/v1/namespaces', { body: { metadata: { name: 'n' } } });
    const { json } = await server.send('DELETE /api/v1/namespaces/n');
    expect(json.status.phase).toBe('Terminating');
    const refused = await server.send('POST /api/v1/namespaces/n/configmaps', {
      body: { metadata: { name: 'c' } },
    });
    expect(refused).toMatchObject({
      status: 403,
      json: {
        message:
          'configmaps "c" is forbidden: unable to create new content in namespace n because it is being terminated',
      },
    });
    await patch(server, '/api/v1/namespaces/n/finalize', { spec: { finalizers: [] } });
    expect((await server.send('GET /api/v1/namespaces/n')).status).toBe(404);
  });
});

test('a bound Pod is deleted in two steps, an unbound one at once', async () => {
  const server = await testServer();
  await server.send(`POST ${pods}`, { body: pod });
  expect((await server.send(`DELETE ${pods}/p`)).json.kind).toBe('Pod');
  expect((await server.send(`GET ${pods}/p`)).status).toBe(404);

  await server.send(`POST ${pods}`, { body: pod });
  const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n1' } };
  expect((await server.send(`POST ${pods}/p/binding`, { body: binding })).json).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  });
  expect((await server.send(`POST ${pods}/p/binding`, { body: binding })).json.message).toBe(
    'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
  );
  const { json } = await server.send(`DELETE ${pods}/p`);
  expect(json.metadata).toMatchObject({
    deletionTimestamp: '2026-01-01T00:00:30Z',
    deletionGracePeriodSeconds: 30,
    generation: 2,
  });
  const { uid } = json.metadata;
  const wrong = { gracePeriodSeconds: 0, preconditions: { uid: 'other' } };
  expect((await server.send(`DELETE ${pods}/p`, { body: wrong })).status).toBe(409);
  const last = { gracePeriodSeconds: 0, preconditions: { uid } };
  expect((await server.send(`DELETE ${pods}/p`, { body: last })).status).toBe(200);
  expect((await server.send(`GET ${pods}/p`)).status).toBe(404);
});

test('watches tell that a Pod is marked before they tell that it is gone, also when it goes at once', async () => {
  const server = await testServer();
  const { resourceVersion } = (await server.send(`GET ${pods}`)).json.metadata;
  const watch = await server.open(`GET ${pods}?watch=true&resourceVersion=${resourceVersion}`);
  const marked = { name: 'p', deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0 };
  for (const options of [{}, { gracePeriodSeconds: 0 }]) {
    expect((await server.send(`POST ${pods}`, { body: pod })).status).toBe(201);
    expect((await server.send(`DELETE ${pods}/p`, { body: options })).status).toBe(200);
    const told = [await watch.next(), await watch.next(), await watch.next()];
    expect(told).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'p' } } },
      { type: 'MODIFIED', object: { metadata: { ...marked, generation: 2 } } },
      { type: 'DELETED', object: { metadata: marked } },
    ]);
    const versions = told.map((event) => Number(event?.object.metadata.resourceVersion));
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
  }
  await watch.close();
});

test.each([false, true])(
  'a Pod that goes at once is deleted also where whoever sees its mark is faster (another has its name: %s)',
  async (isReplaced) => {
    const storage = openMemoryStorage({ clock: new ManualClock() });
    const update = storage.update.bind(storage);
    let faster = async (_marked: Stored) => {};
    storage.update = async (...asked) => {
      const marked = await update(...asked);
      await faster(marked);
      return marked;
    };
    const server = await testServer({ storage });
    await server.send(`POST ${pods}`, { body: pod });
    faster = async ({ key, revision }) => {
      if (key.resource !== 'pods') return;
      faster = async () => {};
      await storage.delete(key, revision, () => new Uint8Array());
      if (isReplaced) await server.send(`POST ${pods}`, { body: pod });
    };
    const deleted = await server.send(`DELETE ${pods}/p`, { body: { gracePeriodSeconds: 0 } });
    expect(deleted).toMatchObject({ status: 200, json: { metadata: { deletionGracePeriodSeconds: 0 } } });
    const left = await server.send(`GET ${pods}/p`);
    expect(left.status).toBe(isReplaced ? 200 : 404);
    expect(left.json.metadata.deletionTimestamp).toBeUndefined();
  },
);

test('generation counts spec and annotations of a Deployment, not labels or status', async () => {
  const server = await testServer();
  await server.send(`POST ${deployments}`, { body: deployment });
  const change = async (body: object, sub = '') =>
    (await patch(server, `${deployments}/web${sub}`, body)).json.metadata.generation;
  expect(await change({ metadata: { labels: { a: 'b' } } })).toBe(1);
  expect(await change({ metadata: { annotations: { a: 'b' } } })).toBe(2);
  expect(await change({ spec: { replicas: 2 } })).toBe(3);
  expect(await change({ status: { replicas: 1 } }, '/status')).toBe(3);
  expect(await change({ status: { replicas: 9 } })).toBe(3);
  const { json } = await server.send(`GET ${deployments}/web`);
  expect(json.status).toEqual({ replicas: 1 });
  expect(await change({ spec: { replicas: 7 } }, '/status')).toBe(3);
});

test('a write to /status may change the metadata, but not the labels of a Deployment', async () => {
  const server = await testServer();
  await server.send(`POST ${deployments}`, { body: deployment });
  const metadata = { annotations: { revision: '1' }, labels: { more: 'x' }, finalizers: ['a/b'] };
  await patch(server, `${deployments}/web/status`, { metadata, status: { replicas: 1 } });
  const { json } = await server.send(`GET ${deployments}/web`);
  expect(json).toMatchObject({
    status: { replicas: 1 },
    metadata: { annotations: { revision: '1' }, generation: 1 },
  });
  expect([json.metadata.labels, json.metadata.finalizers]).toEqual([undefined, ['a/b']]);
  await patch(server, `${deployments}/web/status`, { metadata: { annotations: null } });
  expect((await server.send(`GET ${deployments}/web`)).json.metadata).not.toHaveProperty('annotations');
});

test('what changes nothing writes nothing', async () => {
  const server = await testServer();
  const created = await server.send(`POST ${deployments}`, { body: deployment });
  const same = { spec: { template: { spec: { containers: [{ name: 'c', image: 'a:1' }] } } } };
  const patched = await server.send(`PATCH ${deployments}/web`, {
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: same,
  });
  expect(patched.text).toBe(created.text);
  expect((await server.send(`PUT ${deployments}/web`, { body: created.json })).text).toBe(created.text);
});

test('dryRun answers as if, and changes nothing', async () => {
  const server = await testServer();
  const { send } = server;
  const created = await send(`POST ${configMaps}?dryRun=All`, { body: { metadata: { generateName: 'g-' } } });
  expect(created.status).toBe(201);
  expect(created.json.metadata.name).toMatch(/^g-[b-z2-9]{5}$/);
  expect(created.json.metadata.resourceVersion).toBeUndefined();
  const revised = { body: { metadata: { name: 'r', resourceVersion: '7' } } };
  expect((await send(`POST ${configMaps}?dryRun=All`, revised)).status).toBe(201);
  expect((await send(`POST ${configMaps}`, revised)).status).toBe(500);
  await send(`POST ${configMaps}`, { body: { metadata: { name: 'c' } } });
  const before = await send(`GET ${configMaps}/c`);
  expect((await patch(server, `${configMaps}/c?dryRun=All`, { data: { a: '1' } })).json.data).toEqual({
    a: '1',
  });
  expect((await send(`DELETE ${configMaps}/c?dryRun=All`)).json.status).toBe('Success');
  expect((await send(`DELETE ${configMaps}/c`, { body: { dryRun: ['All'] } })).json.status).toBe('Success');
  expect((await send(`GET ${configMaps}/c`)).text).toBe(before.text);
  const service = { metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } };
  const services = '/api/v1/namespaces/default/services';
  expect((await send(`POST ${services}?dryRun=All`, { body: service })).status).toBe(201);
  const { items } = await server.storage.list({ cluster: 'default', resource: 'serviceaddresses.internal' });
  expect(items).toEqual([]);
});

test('admission is asked about an object with a resourceVersion before storage minds it', async () => {
  const { send } = await testServer();
  const create = async (name: string) => {
    const { json } = await send(`POST ${configMaps}`, { body: { metadata: { name, resourceVersion: '5' } } });
    return json.message;
  };
  expect(await create('a')).toBe('resourceVersion should not be set on objects to be created');
  const quota = { metadata: { name: 'none' }, spec: { hard: { configmaps: '0' } } };
  const { json } = await send('POST /api/v1/namespaces/default/resourcequotas', { body: quota });
  const status = { hard: quota.spec.hard, used: { configmaps: '0' } };
  await send('PUT /api/v1/namespaces/default/resourcequotas/none/status', { body: { ...json, status } });
  expect(await create('b')).toContain('exceeded quota: none');
});

test('unknown fields are warned of, or refused under Strict', async () => {
  const { send } = await testServer();
  const body = { metadata: { name: 'w' }, datas: {}, data: { a: '1' } };
  const warned = await send(`POST ${configMaps}`, { body });
  expect(warned).toMatchObject({ status: 201, headers: { warning: ['299 - "unknown field \\"datas\\""'] } });
  const strict = await send(`PATCH ${configMaps}/w?fieldValidation=Strict`, {
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: { datas: { b: 1 } },
  });
  expect(strict).toMatchObject({
    status: 422,
    json: {
      message:
        ' "" is invalid: patch: Invalid value: "map[datas:map[b:1]]": strict decoding error: unknown field "datas"',
    },
  });
});

test('patches without a resourceVersion all happen, however they meet', async () => {
  const server = await testServer();
  await server.send(`POST ${configMaps}`, { body: { metadata: { name: 'c' } } });
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => patch(server, `${configMaps}/c`, { data: { [`k${i}`]: 'v' } })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  const { json } = await server.send(`GET ${configMaps}/c`);
  expect(Object.keys(json.data)).toHaveLength(6);
  const stale = { metadata: { resourceVersion: '2' }, data: { z: '1' } };
  expect((await patch(server, `${configMaps}/c`, stale)).status).toBe(409);
});

test('deletecollection takes what the selector finds and answers it', async () => {
  const { send } = await testServer();
  for (const name of ['a', 'b', 'c'])
    await send(`POST ${configMaps}`, {
      body: { metadata: { name, ...(name !== 'b' && { labels: { x: 'y' } }) } },
    });
  const { json } = await send(`DELETE ${configMaps}?labelSelector=x%3Dy`);
  expect(json.items.map((i: { metadata: { name: string } }) => i.metadata.name)).toEqual(['a', 'c']);
  const left = (await send(`GET ${configMaps}`)).json.items;
  expect(left.map((i: { metadata: { name: string } }) => i.metadata.name)).toEqual(['b']);
});

test('the same Event is seen under both groups', async () => {
  const { send } = await testServer();
  const event = {
    metadata: { name: 'e' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
    reason: 'Because',
    type: 'Normal',
  };
  await send('POST /api/v1/namespaces/default/events', { body: event });
  const path = '/apis/events.k8s.io/v1/namespaces/default/events';
  const { json } = await send(`GET ${path}?fieldSelector=regarding.name%3Dp,reason%3DBecause`);
  expect(json).toMatchObject({ kind: 'EventList', items: [{ regarding: { name: 'p' }, reason: 'Because' }] });
  expect((await send(`GET ${path}/e`)).json).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { kind: 'Pod' },
  });
});
