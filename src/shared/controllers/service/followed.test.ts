import { expect, test } from '@jest/globals';
import type { Pod, PodCondition } from '../../kinds/schema/types.ts';
import type { TargetHealth } from '../../ports/cloud.ts';
import { changesFollowing, followedOf, planFollowed } from './followed.ts';

const type = 'service.shallop.dev/web';
const now = Date.UTC(2026, 0, 1, 0, 10);
const drainMs = 130_000;
const ago = (ms: number) => new Date(now - ms).toISOString().replace('.000Z', 'Z');

/** A Pod whose containers are ready, behind the Service `web`. */
function podWith(own: Partial<PodCondition> | undefined, { isGated = true, isDeleted = false } = {}): Pod {
  return {
    metadata: { name: 'p', ...(isDeleted && { deletionTimestamp: ago(0) }) },
    spec: { containers: [], ...(isGated && { readinessGates: [{ conditionType: type }] }) },
    status: {
      podIP: '10.0.0.1',
      conditions: [
        { type: 'ContainersReady', status: 'True' },
        ...(own ? [{ type, status: 'False', ...own }] : []),
      ],
    },
  };
}

const deleted = { isDeleted: true };
const ungated = { isDeleted: true, isGated: false };

test.each<[string, Pod, TargetHealth | 'none' | undefined, string | undefined, number | undefined]>([
  ['an initial target is looked at again soon', podWith(undefined), 'initial', undefined, 10_000],
  ['an unhealthy one later', podWith(undefined), 'unhealthy', undefined, 60_000],
  ['a healthy one opens the gate', podWith(undefined), 'healthy', 'True TargetHealthy', undefined],
  ['without a load balancer it is open', podWith(undefined), 'none', 'True NoLoadBalancer', undefined],
  [
    'so it is where no rule leads to the target',
    podWith(undefined),
    'unused',
    'True NoLoadBalancer',
    undefined,
  ],
  ['an open gate stays so', podWith({ status: 'True' }), 'unhealthy', undefined, undefined],
  [
    'one that had connections is deregistered',
    podWith({ status: 'True' }, deleted),
    'draining',
    'False Deregistered',
    131_000,
  ],
  ['so is one without a gate', podWith(undefined, ungated), undefined, 'False Deregistered', 131_000],
  [
    'one that never was a target has drained',
    podWith(undefined, deleted),
    undefined,
    'False Drained',
    undefined,
  ],
  [
    'connections come until the time is over',
    podWith({ reason: 'Deregistered', lastTransitionTime: ago(100_000) }, deleted),
    'draining',
    undefined,
    31_000,
  ],
  [
    'then it has drained',
    podWith({ reason: 'Deregistered', lastTransitionTime: ago(131_000) }, deleted),
    undefined,
    'False Drained',
    undefined,
  ],
  ['which is said once', podWith({ reason: 'Drained' }, deleted), undefined, undefined, undefined],
])('D1: %s', (_, pod, health, said, againMs) => {
  const states = health && health !== 'none' ? [['10.0.0.1', health] as const] : [];
  const plan = planFollowed({
    type,
    ...followedOf(type, [pod]),
    isRouted: () => true,
    health: health === 'none' ? undefined : new Map(states),
    drainMs,
    now,
  });
  expect(plan.set.map(({ condition: { status, reason } }) => `${status} ${reason}`)).toEqual(
    said ? [said] : [],
  );
  expect(plan.againMs).toBe(againMs);
});

test('a Pod is followed otherwise once a gate that is no load balancer’s opens, not by its own', () => {
  const gates = [{ conditionType: type }, { conditionType: 'example.com/warm' }];
  const pod = podWith(undefined);
  const cold = { ...pod, spec: { ...pod.spec!, readinessGates: gates } };
  const and = (more: PodCondition) => ({
    ...cold,
    status: { ...cold.status, conditions: [...cold.status!.conditions!, more] },
  });
  expect(changesFollowing(and({ type: 'example.com/warm', status: 'True' }), cold)).toBe(true);
  expect(changesFollowing(and({ type, status: 'True' }), cold)).toBe(false);
});
