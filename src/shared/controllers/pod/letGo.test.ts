import { expect, test } from '@jest/globals';
import { formatTime } from '../../clock/clock.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Container, ContainerStatus, Pod } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';
import { heldMs } from './letGo.ts';

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
