import { describe, expect, test } from '@jest/globals';
import type { Handle } from '../api/http/message.ts';
import { testServer } from '../api/testing/testingServer.ts';
import { ManualClock } from '../clock/manualClock.ts';
import { configMap } from '../kinds/core/v1/configmap/index.ts';
import { namespace } from '../kinds/core/v1/namespace/index.ts';
import { pod } from '../kinds/core/v1/pod/index.ts';
import type { RemoteClient } from './client.ts';
import { httpClient } from './http.ts';
import { inProcessClients, inProcessExchange, systemAccount } from './inProcess.ts';

type Server = Awaited<ReturnType<typeof testServer>>;

const inProcess = ({ handle, storage }: Server) =>
  inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid))('default');

const clients: { name: string; open(server: Server): RemoteClient }[] = [
  { name: 'in process', open: inProcess },
  {
    name: 'over HTTP',
    open: ({ send }) =>
      httpClient({
        userAgent: 'test/1',
        exchange: async ({ method, path, headers, body }) => {
          const { status, text } = await send(`${method} ${path}`, { headers, ...(body && { body }) });
          return { status, body: Buffer.from(text) };
        },
      }),
  },
];

describe.each(clients)('$name', ({ open }) => {
  test('the life of an object', async () => {
    const client = open(await testServer());
    expect(await client.get(configMap, 'default', 'c')).toBeUndefined();
    const created = await client.create(configMap, {
      metadata: { name: 'c', namespace: 'default', labels: { a: 'b' } },
      data: { k: '1' },
    });
    expect(created).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: '1' } });
    expect(await client.get(configMap, 'default', 'c')).toEqual(created);
    expect(await client.list(configMap, { labelSelector: 'a in (b)' })).toEqual([created]);
    expect(await client.list(configMap, { namespace: 'default', fieldSelector: 'metadata.name=x' })).toEqual(
      [],
    );
    const updated = await client.update(configMap, { ...created, data: { k: '2' } });
    await expect(client.update(configMap, created)).rejects.toMatchObject({ reason: 'Conflict' });
    const patched = await client.patch(configMap, 'default', 'c', { data: { z: '3' } });
    expect(patched.data).toEqual({ k: '2', z: '3' });
    await expect(client.delete(configMap, 'default', 'c', { uid: 'other' })).rejects.toMatchObject({
      reason: 'Conflict',
    });
    await client.delete(configMap, 'default', 'c', {
      uid: updated.metadata.uid!,
      propagationPolicy: 'Background',
    });
    await expect(client.delete(configMap, 'default', 'c')).rejects.toMatchObject({
      reason: 'NotFound',
      message: 'configmaps "c" not found',
    });
  });

  test('status, subresources and owners', async () => {
    const client = open(await testServer());
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1' };
    const created = await client.create(pod, {
      metadata: { name: 'p', namespace: 'default', ownerReferences: [owner] },
      spec: { containers: [{ name: 'c', image: 'a:1' }] } as never,
    });
    await client.createSubresource(pod, 'default', 'p', 'binding', {
      metadata: { name: 'p' },
      target: { kind: 'Node', name: 'n' },
    });
    const bound = (await client.get(pod, 'default', 'p'))!;
    expect(bound.spec?.nodeName).toBe('n');
    const running = await client.updateStatus(pod, {
      ...bound,
      status: { ...bound.status, phase: 'Running' },
    });
    expect(running.status?.phase).toBe('Running');
    const found = await client.list(pod, { owner: 'u-1' });
    expect(found.map(({ metadata }) => metadata.uid)).toEqual([created.metadata.uid]);
    expect(await client.list(pod, { owner: 'u-2' })).toEqual([]);
  });

  test('errors keep reason, message and causes', async () => {
    const client = open(await testServer());
    await expect(client.create(namespace, { metadata: { name: 'Bad.Name' } })).rejects.toMatchObject({
      reason: 'Invalid',
      details: { kind: 'Namespace', causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid' }] },
    });
  });
});

test('what has an owner is found in one question, of whatever resource', async () => {
  const client = inProcess(await testServer());
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1' }];
  const metadata = { name: 'x', namespace: 'default', ownerReferences };
  await client.create(configMap, { metadata });
  await client.create(pod, { metadata, spec: { containers: [{ name: 'c', image: 'a:1' }] } as never });
  expect(await client.owned('u-1')).toMatchObject([
    { resource: 'configmaps', namespace: 'default', name: 'x' },
    { resource: 'pods', namespace: 'default', name: 'x' },
  ]);
  expect(await client.owned('u-2')).toEqual([]);
});

describe('an exchange as an account of kube-system', () => {
  const asked = (handle: Handle) => {
    const clock = new ManualClock();
    const ask = inProcessExchange(handle, clock, 'default', systemAccount('some-controller'));
    return { clock, answer: ask({ method: 'GET', path: '/apis/far.example/v1/ships', headers: {} }) };
  };
  const answering =
    (body: AsyncIterable<Uint8Array>): Handle =>
    async () => ({ status: 200, headers: {}, body });

  test('has the rights of that account, and no more', async () => {
    const { handle, clock } = await testServer();
    const ask = (account: string, path: string) =>
      inProcessExchange(
        handle,
        clock,
        'default',
        systemAccount(account),
      )({ method: 'GET', path, headers: {} });
    const custom = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/qps';
    expect((await ask('horizontal-pod-autoscaler', custom)).status).toBe(404);
    expect((await ask('somebody-else', custom)).status).toBe(403);
    expect((await ask('horizontal-pod-autoscaler', '/api/v1/secrets')).status).toBe(403);
  });

  test('ends when nobody answers', async () => {
    const silent: Handle = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const { clock, answer } = asked(silent);
    const ended = expect(answer).rejects.toThrow('aborted');
    await clock.advance(30_000);
    await ended;
  });

  test('ends when somebody answers without end', async () => {
    const { answer } = asked(
      answering(
        (async function* () {
          for (;;) yield Buffer.alloc(1 << 20);
        })(),
      ),
    );
    await expect(answer).rejects.toThrow('the answer is longer than 4194304 bytes');
  });
});
