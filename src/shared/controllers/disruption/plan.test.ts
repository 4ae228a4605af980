import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Pod, PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from '../../kinds/schema/types.ts';
import { deletionTimeoutMs, plan } from './plan.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const pod = (name: string, ready: boolean, more: Partial<Pod['metadata']> = {}): Pod => ({
  metadata: { name, ...more },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const podsOf = (ready: number, unready = 0) => [
  ...Array.from({ length: ready }, (_, i) => pod(`r${i}`, true)),
  ...Array.from({ length: unready }, (_, i) => pod(`u${i}`, false)),
];
const of = (spec: PodDisruptionBudgetSpec, pods: Pod[], scale: number, status?: PodDisruptionBudgetStatus) =>
  plan({
    budget: { metadata: { name: 'b', generation: 3 }, spec, ...(status && { status }) },
    pods,
    scale,
    now,
  });

// The numbers are those of upstream's disruption_test.go.
test.each<[PodDisruptionBudgetSpec, Pod[], number, [number, number, number, number]]>([
  [{ minAvailable: 3 }, podsOf(3), 0, [0, 3, 3, 3]],
  [{ minAvailable: 3 }, podsOf(4), 0, [1, 4, 3, 4]],
  [{ minAvailable: 0 }, [], 0, [0, 0, 0, 0]],
  [{ minAvailable: '28%' }, podsOf(1), 10, [0, 1, 3, 10]],
  [{ minAvailable: '28%' }, podsOf(4), 10, [1, 4, 3, 10]],
  [{ maxUnavailable: 2 }, podsOf(4), 5, [1, 4, 3, 5]],
  [{ maxUnavailable: '30%' }, podsOf(8, 2), 10, [1, 8, 7, 10]],
  [{ maxUnavailable: 9 }, podsOf(2), 2, [2, 2, 0, 2]],
  [{}, podsOf(2), 0, [0, 2, 0, 0]],
])('%j', (spec, pods, scale, [allowed, healthy, desired, expected]) =>
  expect(of(spec, pods, scale).status).toMatchObject({
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    observedGeneration: 3,
    conditions: [
      allowed > 0
        ? { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }
        : { type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' },
    ],
  }),
);

test('an allowed eviction counts until its Pod is going, for two minutes at most', () => {
  const at = (ms: number) => new Date(now - ms).toISOString();
  const disruptedPods = { r0: at(deletionTimeoutMs + 1_000), r1: at(30_000), gone: at(1_000) };
  const before = {
    disruptedPods,
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  };
  const { status, notDeleted, requeueAfterMs } = of({ minAvailable: 1 }, podsOf(3), 0, before);
  expect(status.disruptedPods).toEqual({ r1: disruptedPods.r1 });
  expect(status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
  expect(notDeleted.map(({ metadata }) => metadata.name)).toEqual(['r0']);
  expect(requeueAfterMs).toBe(deletionTimeoutMs - 30_000);
});

test('what is allowed never leaves fewer healthy Pods than are wanted', () => {
  const amount = fc.oneof(
    fc.nat(20),
    fc.nat(100).map((n) => `${n}%`),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('minAvailable', 'maxUnavailable'),
      amount,
      fc.nat(20),
      fc.nat(20),
      (field, n, r, u) => {
        const { status } = of({ [field]: n }, podsOf(r, u), r + u);
        const { disruptionsAllowed, currentHealthy, desiredHealthy } = status;
        expect(disruptionsAllowed).toBeGreaterThanOrEqual(0);
        if (disruptionsAllowed)
          expect(currentHealthy - disruptionsAllowed).toBeGreaterThanOrEqual(desiredHealthy);
      },
    ),
  );
});
