import { expect, test } from '@jest/globals';
import { fakeEcsWorld, podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { kubeletBackOff } from '../../../shared/podspec/backOff.ts';
import { underWayMs } from './underWay.ts';

const listedAfterMs = 5_000;
const ref = {
  cluster: 'default',
  namespace: 'ns',
  name: 'db-0',
  uid: '00000000-0000-4000-8000-00000000000a',
};
const pod = podOf('app', { name: 'db-0', uid: ref.uid });

/** The Pod as it is when somebody has just asked for its end. */
const going = (now: number, more: Partial<Pod> = {}): Pod => ({
  ...pod,
  ...more,
  metadata: {
    ...pod.metadata,
    deletionTimestamp: new Date(now + 10_000).toISOString(),
    deletionGracePeriodSeconds: 10,
  },
});

test('a Pod that is deleted while it is started elsewhere has not stopped before its task can be seen', async () => {
  const { driver, clock, ecs, sources } = fakeEcsWorld({ listedAfterMs });
  const deleted = going(clock.now());
  // Another process read the Pod before that.
  await driver.ensure(ref, pod, sources);
  await driver.remove(ref);
  await clock.advance(1_000);
  const seen = await driver.observe(ref, deleted);
  expect(ecs.tasks()).toHaveLength(1);
  expect(seen).toMatchObject({ stopped: false, lookAgainMs: expect.any(Number) });
});

test('it stops what was started, and is held no longer then', async () => {
  const { driver, clock, ecs, sources } = fakeEcsWorld({ listedAfterMs });
  const deleted = going(clock.now());
  await driver.ensure(ref, pod, sources);
  await driver.remove(ref);
  await clock.advance((await driver.observe(ref, deleted))!.lookAgainMs!);
  expect(await driver.observe(ref, deleted)).toMatchObject({ stopped: false });
  await driver.stop(ref, 10);
  expect(ecs.tasks()).toMatchObject([{ desiredStatus: 'STOPPED' }]);
  await clock.advance(1_000);
  expect(await driver.observe(ref, deleted)).toMatchObject({ stopped: true });
});

test.each(['here', 'elsewhere'])(
  'a task told to stop %s, which no status names, is seen until it stops',
  async (where) => {
    const { driver, clock, ecs, sources, task } = fakeEcsWorld();
    ecs.setImage('app', { termMs: 8_000, onTerm: 0 });
    await driver.ensure(ref, pod, sources);
    await driver.remove(ref);
    await clock.advance(5_000);
    // The message of its deletion comes when no start can be under way any more.
    const deleted = going(clock.now() - 13_000);
    if (where === 'here') await driver.stop(ref, 10);
    else ecs.stopTask(task(), 'UserInitiated', 'by another process');
    expect(await driver.observe(ref, deleted)).toMatchObject({ stopped: false });
    await clock.advance(20_000);
    expect(await driver.observe(ref, deleted)).toMatchObject({ stopped: true });
  },
);

test('a Pod whose deadline comes while it is started elsewhere is stopped before it has failed', async () => {
  const { driver, clock, ecs, sources } = fakeEcsWorld({ listedAfterMs });
  const startTime = new Date(clock.now() - 60_000).toISOString();
  const limited: Pod = { ...pod, spec: { ...pod.spec!, activeDeadlineSeconds: 60 }, status: { startTime } };
  // Another process read the Pod before that.
  await driver.ensure(ref, pod, sources);
  await driver.remove(ref);
  await driver.stop(ref, 30);
  const { stopped, lookAgainMs = 0 } = (await driver.observe(ref, limited))!;
  expect([stopped, ecs.tasks().length]).toEqual([false, 1]);
  await clock.advance(lookAgainMs);
  await driver.stop(ref, 30);
  expect(ecs.tasks()).toMatchObject([{ desiredStatus: 'STOPPED' }]);
  await clock.advance(1_000);
  expect(await driver.observe(ref, limited)).toMatchObject({ stopped: true });
});

test('a task that ended within the second before the deadline may have a successor that is started elsewhere', () => {
  const startTime = new Date(100_000).toISOString();
  const limited: Pod = { ...pod, spec: { ...pod.spec!, activeDeadlineSeconds: 60 }, status: { startTime } };
  const heldMs = (at: number) => {
    const containers = [{ name: limited.spec!.containers[0]!.name, lastStatus: 'STOPPED', exitCode: 0 }];
    const task = { taskArn: 'a/t', lastStatus: 'STOPPED', desiredStatus: 'STOPPED', containers };
    const tasks = [{ ...task, startedAt: new Date(90_000), stoppedAt: new Date(at) }];
    return underWayMs({ pod: limited, tasks, now: 160_100, backOff: kubeletBackOff });
  };
  expect(heldMs(159_500)).toBeGreaterThan(0);
  expect(heldMs(160_000)).toBe(0);
});

test('a deadline that nobody starts a Pod at holds it for a moment only', async () => {
  const { driver, clock } = fakeEcsWorld();
  const startTime = new Date(clock.now() - 60_000).toISOString();
  const limited: Pod = { ...pod, spec: { ...pod.spec!, activeDeadlineSeconds: 60 }, status: { startTime } };
  await driver.stop(ref, 30);
  const { lookAgainMs = 0 } = (await driver.observe(ref, limited))!;
  expect(lookAgainMs).toBeLessThan(14_000);
  await clock.advance(lookAgainMs);
  expect(await driver.observe(ref, limited)).toMatchObject({ stopped: true });
});

test('one that nobody started has stopped after a while', async () => {
  const { driver, clock } = fakeEcsWorld();
  const deleted = going(clock.now());
  const { lookAgainMs = 0 } = (await driver.observe(ref, deleted))!;
  expect(lookAgainMs).toBeLessThan(14_000);
  await clock.advance(lookAgainMs);
  expect(await driver.observe(ref, deleted)).toMatchObject({ stopped: true });
});

test.each<[string, Partial<Pod>]>([
  ['is bound nowhere', { spec: { containers: [{ name: 'c', image: 'app' }] } }],
  ['has ended', { status: { phase: 'Failed' } }],
  ['Fargate cannot run', { spec: { ...pod.spec!, hostNetwork: true } }],
])('one that %s goes at once', async (_which, more) => {
  const { driver, clock } = fakeEcsWorld();
  expect(await driver.observe(ref, going(clock.now(), more))).toMatchObject({ stopped: true });
});

test('one whose task ran goes as soon as that has stopped', async () => {
  const { driver, clock, sources } = fakeEcsWorld();
  await driver.ensure(ref, pod, sources);
  await clock.advance(60_000);
  await driver.remove(ref);
  const { containerStatuses } = (await driver.observe(ref, pod))!;
  const deleted = going(clock.now());
  await clock.advance(1_500);
  await driver.stop(ref, 10);
  await clock.advance(1_000);
  const named: Pod = { ...deleted, status: { phase: 'Running', containerStatuses } };
  expect(await driver.observe(ref, named)).toMatchObject({ stopped: true });
});

test('nothing is started of a Pod that is not wanted any more, nor at a later try', async () => {
  const { driver, clock, ecs, sources } = fakeEcsWorld();
  await driver.ensure(ref, pod, { ...sources, isWanted: async () => false });
  expect(ecs.counts().RunTask).toBeUndefined();
  let asked = 0;
  ecs.failNext('RunTask', Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }));
  const trying = driver.ensure(ref, pod, { ...sources, isWanted: async () => ++asked === 1 });
  for (let i = 0; i < 10; i++) await clock.advance(1_000);
  await trying;
  expect([asked, ecs.tasks()]).toEqual([2, []]);
});

test('whoever cannot tell whether it is wanted starts nothing, and comes again', async () => {
  const { driver, ecs, sources } = fakeEcsWorld();
  const isWanted = async () => {
    throw new Error('no storage');
  };
  await expect(driver.ensure(ref, pod, { ...sources, isWanted })).rejects.toThrow('no storage');
  expect(ecs.tasks()).toEqual([]);
});
