import { expect, test } from '@jest/globals';
import { awsError } from '../../../../test/support/aws/fakeEcsChecks.ts';
import { fakeEcsWorld } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { PodRef, Surveyed } from '../../../shared/ports/cloud.ts';

const ecsReads = ['DescribeTasks', 'ListTasks'];

/** Pods with a readiness probe that are ready, and a survey that knows their objects. */
async function ready(count: number) {
  const world = fakeEcsWorld();
  const { ecs, runtime, step } = world;
  const readinessProbe = { tcpSocket: { port: 80 } };
  const refs: PodRef[] = [];
  for (let i = 0; i < count; i++)
    refs.push(await world.run({ containers: [{ name: 'c', image: 'app', readinessProbe }] }));
  await step(10_000);
  await step(1_000);
  const all = (): Surveyed[] => refs.map((ref) => ({ ref, pod: runtime.podOf(ref)! }));
  const reads = () => ecsReads.reduce((sum, name) => sum + (ecs.counts()[name] ?? 0), 0);
  return { ...world, refs, all, reads };
}

const isReady = ({ seen }: Surveyed) => seen?.containerStatuses.every((status) => status.ready);

test('D3: a look at 1,000 probed Pods costs ten calls of ECS, not three a Pod', async () => {
  const { driver, all, reads } = await ready(1_000);
  const before = reads();
  const seen = await driver.survey!(all());
  expect(reads() - before).toBe(10);
  expect(seen.filter(isReady)).toHaveLength(1_000);
});

test('D3: a ready Pod with probes has no timer of its own', async () => {
  const { runtime, refs } = await ready(1);
  expect(runtime.seen(refs[0]!)).not.toHaveProperty('lookAgainMs');
});

test('D3: a survey tells of health that changed, and of Pods that wait for a step', async () => {
  const { driver, all, ecs, task, refs } = await ready(1);
  ecs.setHealth(task(), 'shallop-readiness-c', 'UNHEALTHY');
  expect((await driver.survey!(all())).map(isReady)).toEqual([false]);
  ecs.setHealth(task(), 'shallop-readiness-c', 'HEALTHY');
  const [{ pod }] = all() as [Surveyed];
  // Nobody has started it yet.
  const fresh = { ref: refs[0]!, pod: { ...pod, status: {} } };
  expect(await driver.survey!([fresh])).toEqual([fresh]);
});

test('D3: a status that names no task of ECS costs the others nothing', async () => {
  const { driver, all, ecs } = await ready(2);
  ecs.failNext('DescribeTasks', awsError('InvalidParameterException', 'Invalid identifier: x'));
  expect((await driver.survey!(all())).map(({ seen }) => seen)).toEqual([undefined, undefined]);
});

test('of a Pod without a uid nothing runs, and ECS is not asked for the tasks of all', async () => {
  const { driver, reads } = await ready(1);
  const before = reads();
  expect(
    await driver.observe({ cluster: 'default', namespace: 'default', name: 'x', uid: '' }),
  ).toBeUndefined();
  expect(reads() - before).toBe(0);
});
