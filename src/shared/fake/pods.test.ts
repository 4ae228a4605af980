import { expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import type { PodRef, PodSources } from '../ports/cloud.ts';
import { jobsComplete } from './jobs.ts';
import { createFakePods, type FakePodsOptions } from './pods.ts';

const sources = {} as PodSources;
const refOf = (i = 0): PodRef => ({ cluster: 'default', namespace: 'ns', name: `p${i}`, uid: `u${i}` });
const podOf = (spec = {}) => ({ metadata: {}, spec: { containers: [{ name: 'c', image: 'app' }], ...spec } });
const start = (options: Partial<FakePodsOptions> = {}) => {
  const clock = new ManualClock();
  const pods = createFakePods({ clock, ...options });
  const state = async () => (await pods.observe(refOf()))?.containerStatuses[0];
  return { clock, pods, state };
};

test('a Pod is ready after the delay, and not before', async () => {
  const { clock, pods, state } = start({ startDelayMs: 500 });
  await pods.ensure(refOf(), podOf(), sources);
  expect(await state()).toMatchObject({ ready: false, state: { waiting: { reason: 'ContainerCreating' } } });
  await clock.advance(499);
  expect(await state()).toMatchObject({ ready: false });
  await clock.advance(1);
  expect(await state()).toMatchObject({ ready: true, started: true, restartCount: 0 });
});

test('a crashing container restarts at once, then waits 10 s, 20 s and says so', async () => {
  const { clock, pods, state } = start();
  pods.setImage('app', { exits: { code: 3, afterMs: 1000 } });
  await pods.ensure(refOf(), podOf(), sources);
  await clock.advance(1000);
  await clock.advance(0);
  expect(await state()).toMatchObject({
    restartCount: 1,
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
  });
  await clock.advance(1000);
  expect(await state()).toMatchObject({
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: 'back-off 10s restarting failed container=c pod=p0_ns(u0)',
      },
    },
  });
  await clock.advance(10_000);
  expect(await state()).toMatchObject({ restartCount: 2 });
  await clock.advance(1000);
  expect((await state())?.state?.waiting?.message).toContain('back-off 20s');
});

test('a missing image is ErrImagePull, then ImagePullBackOff, then pulled once it is there', async () => {
  const { clock, pods, state } = start();
  pods.setImage('app', { missing: true });
  await pods.ensure(refOf(), podOf(), sources);
  await clock.advance(0);
  expect(await state()).toMatchObject({ state: { waiting: { reason: 'ErrImagePull' } } });
  await clock.advance(1000);
  expect(await state()).toMatchObject({ state: { waiting: { reason: 'ImagePullBackOff' } } });
  pods.setImage('app', undefined);
  await clock.advance(10_000);
  expect(await state()).toMatchObject({ ready: true });
});

test('init containers end one after another before the others start', async () => {
  const { clock, pods } = start();
  pods.setImage('init', { exits: { code: 0, afterMs: 1000 } });
  const initContainers = [
    { name: 'a', image: 'init' },
    { name: 'side', image: 'app', restartPolicy: 'Always' },
    { name: 'b', image: 'init' },
  ];
  await pods.ensure(refOf(), podOf({ initContainers }), sources);
  await clock.advance(1000);
  const seen = await pods.observe(refOf());
  expect(seen?.initContainerStatuses.map(({ state }) => Object.keys(state ?? {})[0])).toEqual([
    'terminated',
    'running',
    'running',
  ]);
  expect(seen?.containerStatuses[0]).toMatchObject({ state: { waiting: { reason: 'PodInitializing' } } });
  await clock.advance(1000);
  expect((await pods.observe(refOf()))?.containerStatuses[0]).toMatchObject({ ready: true });
});

test('a program that ignores TERM is killed after the grace, which a second stop shortens', async () => {
  const { clock, pods, state } = start();
  pods.setImage('app', { onTerm: 'ignored' });
  await pods.ensure(refOf(), podOf(), sources);
  await clock.advance(0);
  await pods.stop(refOf(), 30);
  await clock.advance(5000);
  expect(await pods.observe(refOf())).toMatchObject({ stopped: false });
  await pods.stop(refOf(), 1);
  await clock.advance(1000);
  expect(await pods.observe(refOf())).toMatchObject({ stopped: true });
  expect(await state()).toMatchObject({ state: { terminated: { exitCode: 137 } } });
  await pods.remove(refOf());
  expect(await pods.list()).toEqual([]);
});

test.each([
  ['Job', { terminated: { exitCode: 0, reason: 'Completed' } }],
  ['ReplicaSet', { running: {} }],
])('a Pod of a %s, where those of Jobs complete', async (kind, expected) => {
  const { clock, pods, state } = start({ usual: jobsComplete });
  const ownerReferences = [{ apiVersion: 'v1', kind, name: 'o', uid: 'o' }];
  await pods.ensure(
    refOf(),
    { ...podOf({ restartPolicy: 'Never' }), metadata: { ownerReferences } },
    sources,
  );
  await clock.advance(1000);
  expect(await state()).toMatchObject({ restartCount: 0, state: expected });
});

test('a scripted failure of ensure is thrown once', async () => {
  const { pods } = start();
  pods.failNextEnsure(new Error('no'));
  await expect(pods.ensure(refOf(), podOf(), sources)).rejects.toThrow('no');
  await pods.ensure(refOf(), podOf(), sources);
  expect(pods.calls.ensure).toBe(2);
});

test('10,000 Pods start with addresses of their own', async () => {
  const { clock, pods } = start({ startDelayMs: 10 });
  for (let i = 0; i < 10_000; i++) await pods.ensure(refOf(i), podOf(), sources);
  await clock.advance(10);
  const seen = await Promise.all(Array.from({ length: 10_000 }, (_, i) => pods.observe(refOf(i))));
  expect(new Set(seen.map((each) => each?.podIP)).size).toBe(10_000);
  expect(seen.every((each) => each?.containerStatuses[0]?.ready)).toBe(true);
});
