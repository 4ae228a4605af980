import { expect, test } from '@jest/globals';
import { formatTime } from '../../clock/clock.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Container, ContainerStatus, Pod } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';
import { heldMs, isBeingLetGo, isSoonLetGo } from './letGo.ts';

const clock = new ManualClock();
const sleeping = (name: string, seconds: number): Container => ({
  name,
  lifecycle: { preStop: { sleep: { seconds } } },
});
const stateOf = (name: string, isRunning: boolean): ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  state: isRunning ? { running: {} } : { waiting: {} },
});

/** Whether the containers named here run; none of them is ready. */
function podOf(running: string[], more: Partial<Pod['metadata']> = {}): Pod {
  const names = ['main', 'side'];
  return {
    metadata: {
      name: 'p',
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: formatTime(clock.now() + 30_000),
      ...more,
    },
    spec: {
      initContainers: [{ ...sleeping('side', 20), restartPolicy: 'Always' }],
      containers: [sleeping('main', 5)],
    },
    status: { containerStatuses: names.map((name) => stateOf(name, running.includes(name))) },
  };
}
const held = (pod: Pod) =>
  heldMs(pod, { clock, env: { balancersOf: async () => ['asked'] } } as unknown as ReconcileContext);

test.each([
  ['its containers', ['main'], 5_000],
  ['its sidecars', ['main', 'side'], 20_000],
  ['nothing that has ended', [], 0],
])('a Pod that was never ready waits for the sleep of %s', async (_, running, wanted) => {
  expect(await held(podOf(running))).toBe(wanted);
});

test('it waits no longer than the deletion asks for', async () => {
  const now = { deletionGracePeriodSeconds: 2, deletionTimestamp: formatTime(clock.now() + 2_000) };
  expect(await held(podOf(['side'], now))).toBe(2_000);
});

const ending = (...reasons: [type: string, reason: string][]): Pod => {
  const pod = podOf(['main']);
  const lastTransitionTime = formatTime(clock.now());
  const conditions = reasons.map(([type, reason]) => ({ type, reason, status: 'False', lastTransitionTime }));
  return { ...pod, status: { ...pod.status, conditions } };
};

test.each([
  { what: 'one that begins', pod: ending(['a', 'Deregistered']), is: true },
  { what: 'one that has done', pod: ending(['a', 'Drained']), is: false },
  {
    what: 'one that has done beside one that begins',
    pod: ending(['a', 'Drained'], ['b', 'Deregistered']),
    is: false,
  },
  {
    what: 'one that begins, and a container that has ended',
    pod: {
      ...ending(['a', 'Deregistered']),
      status: { ...ending(['a', 'Deregistered']).status, containerStatuses: [] },
    },
    is: false,
  },
])('D4: a Pod that is to end is not looked at when its load balancer lets go: $what', ({ pod, is }) => {
  expect(isBeingLetGo(pod, ending(['a', 'Healthy']))).toBe(is);
  // One that is offered again is.
  expect(isBeingLetGo(pod, pod)).toBe(false);
  const { deletionTimestamp: _, ...metadata } = pod.metadata;
  expect(isBeingLetGo(pod, { ...ending(), metadata })).toBe(false);
});

test('D4: nor by a survey, until it should have let go', () => {
  const pod = ending(['a', 'Deregistered']);
  expect([0, 179_000, 182_000].map((ms) => isSoonLetGo(pod, clock.now() + ms))).toEqual([true, true, false]);
  expect(isSoonLetGo(ending(['a', 'Drained']), clock.now())).toBe(false);
});
