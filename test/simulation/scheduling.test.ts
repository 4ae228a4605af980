import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { inProcessClients } from '../../src/shared/client/inProcess.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import {
  events,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  priorityClasses,
  storageClasses,
} from '../../src/shared/controllers/resources.ts';
import { fakeNode } from '../../src/shared/fake/fakeNode.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { FakeVolumes } from '../../src/shared/fake/volumes.ts';
import type { Pod, PodSpec } from '../../src/shared/kinds/schema/types.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import {
  closeWorld,
  createWorld,
  eventuallySecondly,
  isRunning,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  const small = (name: string) => ({ ...fakeNode(name), capacity: { cpu: '4', memory: '8Gi', pods: '110' } });
  const runtime = createFakePods({ clock, nodes: ['a', 'b'].map(small) });
  const { handle } = await testServer({ clock, storage });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  world = createWorld({ clock, storage, runtime, clients, ports: { volumes: new FakeVolumes() } });
  await world.manager.start();
  await until(async () => (await world.client.list(nodes)).length === 2);
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const create = (name: string, cpu: string, spec: Partial<PodSpec> = {}, namespace = 'default') =>
  world.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
      terminationGracePeriodSeconds: 1,
      ...spec,
    },
  });
const find = (name: string, namespace = 'default') => world.client.get(pods, namespace, name);
const runs = async (name: string) => {
  const found = await find(name);
  return !!found && isRunning(found);
};
const told = async (reason: string) =>
  (await world.client.list(events)).filter((each) => each.reason === reason);

test('an important Pod has a less important one leave in its own time, and takes its place', async () => {
  await world.client.create(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 1000,
  });
  world.runtime.setImage('i', { termMs: 20_000 });
  const slow = { terminationGracePeriodSeconds: 30 };
  await create('one', '3', slow);
  await create('two', '3', slow);
  await until(async () => (await runs('one')) && (await runs('two')));
  await create('important', '2', { priorityClassName: 'high' });
  await until(async () => (await told('Preempted')).length === 1);
  const [preempted] = await told('Preempted');
  const victim = await find(preempted!.involvedObject.name ?? '');
  const condition = victim?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  expect(condition).toMatchObject({
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: 'default-scheduler: preempting to accommodate a higher priority pod',
  });
  const waiting = await find('important');
  expect(waiting?.status?.nominatedNodeName).toBe(victim?.spec?.nodeName);
  expect(preempted!.message).toBe(
    `Preempted by pod ${waiting?.metadata.uid} on node ${victim?.spec?.nodeName}`,
  );
  await until(() => runs('important'));
  const placed = await find('important');
  expect(placed?.spec?.nodeName).toBe(victim?.spec?.nodeName);
  expect(placed?.status?.nominatedNodeName).toBeUndefined();
});

test('anti-affinity over Namespaces with a label keeps Pods apart', async () => {
  for (const name of ['x', 'y'])
    await world.client.create(namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { team: 'one' } },
    });
  const apart: Partial<PodSpec> = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: {},
            namespaceSelector: { matchLabels: { team: 'one' } },
          },
        ],
      },
    },
  };
  for (const namespace of ['x', 'y']) {
    await until(async () => !!(await world.client.get(namespaces, '', namespace)));
    await create(
      'p',
      '1',
      { ...apart, serviceAccountName: '', automountServiceAccountToken: false },
      namespace,
    );
  }
  const placeOf = async (namespace: string) => (await find('p', namespace))?.spec?.nodeName;
  await until(async () => !!(await placeOf('x')) && !!(await placeOf('y')));
  expect(await placeOf('x')).not.toBe(await placeOf('y'));
});

test('a claim whose class waits gets its volume for the Node of its first Pod', async () => {
  await world.client.create(storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'waiting' },
    provisioner: 'shallop.dev/fake',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const { metadata } = await world.client.create(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'waiting',
      resources: { requests: { storage: '1Gi' } },
    },
  });
  await until(async () => (await told('WaitForFirstConsumer')).length > 0);
  const claim = () => world.client.get(persistentVolumeClaims, 'default', 'data');
  expect((await claim())?.status?.phase).toBe('Pending');
  const volumes: Pod['spec'] = {
    containers: [],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
  };
  await create('first', '1', { volumes: volumes.volumes! });
  await until(() => runs('first'));
  const chosen = (await claim())?.metadata.annotations?.['volume.kubernetes.io/selected-node'];
  expect((await find('first'))?.spec?.nodeName).toBe(chosen);
  expect(await world.client.get(persistentVolumes, '', `pvc-${metadata.uid}`)).toBeDefined();
});
