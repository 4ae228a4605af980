import { afterEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { inProcessClients } from '../../src/shared/client/inProcess.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import {
  configMaps,
  customResourceDefinitions,
  ingressClasses,
  namespaces,
  nodes,
  pods,
  storageClasses,
} from '../../src/shared/controllers/resources.ts';
import type { Resource } from '../../src/shared/kinds/kind.ts';
import type { OwnerReference, Pod } from '../../src/shared/kinds/schema/types.ts';
import type { KubeObject } from '../../src/shared/meta/object.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { closeWorld, createWorld, eventuallySecondly, type World } from '../support/controllers/world.ts';

const widgets: Resource = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};
const definition: KubeObject & { spec: object } = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

let world: World;
let clock: ManualClock;
let server: Awaited<ReturnType<typeof testServer>>;
const begin = async () => {
  clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  server = await testServer({ storage, clock });
  const clients = inProcessClients(server.handle, (cluster, uid) => storage.owned(cluster, uid));
  world = createWorld({ clock, storage, clients });
  await world.manager.start();
  return world;
};
const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
afterEach(() => closeWorld(world));

const ownedBy = (owner: KubeObject, of: Resource): OwnerReference => ({
  apiVersion: of.group ? `${of.group}/${of.version}` : of.version,
  kind: of.kind,
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  blockOwnerDeletion: true,
});
const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'a:1' }], terminationGracePeriodSeconds: 1 },
});

describe('owners of the whole cluster', () => {
  test('B5: take their dependents with them, in a namespace or not', async () => {
    const { client } = await begin();
    const owner = await client.create(storageClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'owner' },
      provisioner: 'example.com/none',
    });
    const ownerReferences = [ownedBy(owner, storageClasses)];
    await client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owned', namespace: 'default', ownerReferences },
    });
    await client.create(ingressClasses, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'owned', ownerReferences },
      spec: { controller: 'example.com/none' },
    });
    await client.delete(storageClasses, '', 'owner');
    await until(async () => !(await client.get(configMaps, 'default', 'owned')));
    await until(async () => !(await client.get(ingressClasses, '', 'owned')));
  });

  test('B5: an object of the whole cluster is not collected for an owner in a namespace', async () => {
    const { client } = await begin();
    const owner = await client.create(pods, pod('owner'));
    const ownerReferences = [ownedBy(owner, pods)];
    await client.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', ownerReferences } });
    await client.delete(pods, 'default', 'owner');
    await until(async () => !(await client.get(pods, 'default', 'owner')));
    await until(() => world.manager.depth() === 0);
    expect(await client.get(nodes, '', 'n')).toBeDefined();
  });

  test('B5: kinds that come while the controllers run are collected too, and forgotten when they go', async () => {
    const { client } = await begin();
    const collects = async (name: string) => {
      const owner = await client.create(pods, pod(name));
      const ownerReferences = [ownedBy(owner, pods)];
      const metadata = { name, namespace: 'default', ownerReferences };
      await client.create(widgets, { apiVersion: 'example.com/v1', kind: 'Widget', metadata } as KubeObject);
      await client.delete(pods, 'default', name);
      await until(async () => !(await client.get(widgets, 'default', name)));
    };
    await client.create(customResourceDefinitions, definition);
    await collects('a');
    await client.delete(customResourceDefinitions, '', 'widgets.example.com');
    const freed = { metadata: { finalizers: [] } };
    if (await client.get(customResourceDefinitions, '', 'widgets.example.com'))
      await client.patch(customResourceDefinitions, '', 'widgets.example.com', freed);
    await until(async () => !(await client.get(customResourceDefinitions, '', 'widgets.example.com')));
    await client.create(customResourceDefinitions, definition);
    await collects('b');
  });
});

test('B6: a circle of owners that is deleted in the foreground goes', async () => {
  const { client } = await begin();
  const names = ['a', 'b', 'c'];
  const made = await Promise.all(names.map((name) => client.create(pods, pod(name))));
  for (const [i, name] of names.entries()) {
    const ownerReferences = [ownedBy(made[(i + 2) % 3]!, pods)];
    await client.patch(pods, 'default', name, { metadata: { ownerReferences } });
  }
  await client.delete(pods, 'default', 'a', { propagationPolicy: 'Foreground' });
  await until(async () => (await client.list(pods, { namespace: 'default' })).length === 0);
});

test('foreground deletion spares a dependent that somebody else owns too', async () => {
  const { client } = await begin();
  const owners = await Promise.all(['going', 'staying'].map((name) => client.create(pods, pod(name))));
  const ownerReferences = owners.map((owner) => ownedBy(owner, pods));
  const metadata = { name: 'shared', namespace: 'default', ownerReferences };
  await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  await client.delete(pods, 'default', 'going', { propagationPolicy: 'Foreground' });
  await until(async () => !(await client.get(pods, 'default', 'going')));
  const left = await client.get(configMaps, 'default', 'shared');
  expect(left?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(['staying']);
});

test('B7: a namespace that goes deletes Pods first, and says what is left', async () => {
  const { client } = await begin();
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } });
  const held = pod('held');
  await client.create(pods, {
    ...held,
    metadata: { name: 'held', namespace: 'ns', finalizers: ['example.com/hold'] },
  });
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kept', namespace: 'ns' },
  });
  await client.delete(namespaces, '', 'ns');
  const message = async (type: string) =>
    (await client.get(namespaces, '', 'ns'))?.status?.conditions?.find((c) => c.type === type)?.message;
  await until(async () => (await message('NamespaceContentRemaining')) !== undefined);
  expect(await message('NamespaceContentRemaining')).toBe(
    'Some resources are remaining: pods. has 1 resource instances',
  );
  expect(await message('NamespaceFinalizersRemaining')).toBe(
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  );
  expect((await client.get(pods, 'ns', 'held'))?.metadata.deletionTimestamp).toBeDefined();
  expect((await client.get(configMaps, 'ns', 'kept'))?.metadata.deletionTimestamp).toBeUndefined();
  await client.patch(pods, 'ns', 'held', { metadata: { finalizers: [] } });
  await until(async () => !(await client.get(namespaces, '', 'ns')));
  expect(await client.get(configMaps, 'ns', 'kept')).toBeUndefined();
});

test('B8: the root certificate of a namespace is put right after a change', async () => {
  const { client } = await begin();
  const name = 'kube-root-ca.crt';
  const data = async () => (await client.get(configMaps, 'default', name))?.data;
  await until(async () => (await data()) !== undefined);
  await client.patch(configMaps, 'default', name, { data: { 'ca.crt': 'other', more: 'x' } });
  await until(async () => (await data())?.['ca.crt'] === 'ca');
  expect(await data()).toEqual({ 'ca.crt': 'ca' });
});

test('B18: a Pod is accepted in a Namespace that has just been made', async () => {
  await begin();
  const { send } = server;
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'fresh' } } });
  const { status } = await send('POST /api/v1/namespaces/fresh/pods', {
    body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'a:1' }] } },
  });
  expect(status).toBe(201);
  const again = await send('POST /api/v1/namespaces', { body: { metadata: { name: 'fresh' } } });
  expect([again.status, again.json.message]).toEqual([409, 'namespaces "fresh" already exists']);
});
