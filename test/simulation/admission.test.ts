import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { inProcessClients } from '../../src/shared/client/inProcess.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { events, nodes, pods } from '../../src/shared/controllers/resources.ts';
import { fakeNode } from '../../src/shared/fake/fakeNode.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
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
  const small = { ...fakeNode('a'), capacity: { cpu: '4', memory: '8Gi', pods: '110' } };
  const runtime = createFakePods({ clock, nodes: [small] });
  const { handle } = await testServer({ clock, storage });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  world = createWorld({ clock, storage, runtime, clients });
  await world.manager.start();
  await until(async () => (await world.client.list(nodes)).length === 1);
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const create = (name: string, cpu: string, spec: Partial<PodSpec> = {}) =>
  world.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
      terminationGracePeriodSeconds: 1,
      ...spec,
    },
  });
const find = (name: string) => world.client.get(pods, 'default', name);
const isThere = async (name: string, check: (pod: Pod) => boolean) => {
  const found = await find(name);
  return !!found && check(found);
};
const hasFailed = ({ status }: Pod) => status?.phase === 'Failed';

test('a node rejects a Pod that a client bound to it and that it has no room for, and runs the one that fits', async () => {
  const foreign = { schedulerName: 'mine' };
  await create('first', '3', foreign);
  await create('second', '3', foreign);
  const gate = { type: 'example.com/gate', status: 'True' };
  for (const name of ['first', 'second'])
    await world.client.updateStatus(pods, {
      ...(await find(name))!,
      status: { phase: 'Pending', conditions: [gate] },
    });
  for (const name of ['first', 'second'])
    await world.client.createSubresource(pods, 'default', name, 'binding', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace: 'default' },
      target: { apiVersion: 'v1', kind: 'Node', name: 'a' },
    });
  const both = async () => [await find('first'), await find('second')];
  await until(async () => (await both()).every((pod) => pod && (isRunning(pod) || hasFailed(pod))));
  const rejected = (await both()).filter((pod) => pod && hasFailed(pod));
  const why = "Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000";
  expect(rejected.map((pod) => pod?.status)).toMatchObject([
    { reason: 'OutOfcpu', message: `Pod was rejected: ${why}`, qosClass: 'Burstable' },
  ]);
  expect(rejected[0]?.status?.containerStatuses).toBeUndefined();
  expect(rejected[0]?.status?.startTime).toBeDefined();
  expect(rejected[0]?.status?.conditions).toEqual([expect.objectContaining(gate)]);
  await until(async () => (await world.client.list(events)).some(({ reason }) => reason === 'OutOfcpu'));
  const [event] = (await world.client.list(events)).filter(({ reason }) => reason === 'OutOfcpu');
  expect(event).toMatchObject({ type: 'Warning', message: why, source: { component: 'kubelet', host: 'a' } });
});

test('a critical Pod that names its node has another leave in its own time, and runs when that has gone', async () => {
  world.runtime.setImage('i', { termMs: 5_000 });
  await create('ordinary', '3', { terminationGracePeriodSeconds: 30 });
  await until(() => isThere('ordinary', isRunning));
  await create('critical', '2', { nodeName: 'a', priorityClassName: 'system-node-critical' });
  await until(() => isThere('critical', isRunning));
  const victim = await find('ordinary');
  expect(victim?.status).toMatchObject({
    phase: 'Failed',
    reason: 'Preempting',
    message: 'Preempted in order to admit critical pod',
  });
  expect(victim?.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'TerminationByKubelet',
      message: 'Pod was preempted by Kubelet to accommodate a critical pod.',
    }),
  );
  const told = (await world.client.list(events)).filter(({ reason }) => reason === 'Preempting');
  expect(told.map(({ involvedObject, count }) => [involvedObject.name, count])).toEqual([['ordinary', 1]]);
});
