import { describe, expect, test } from '@jest/globals';
import { formatMicroTime } from '../../clock/clock.ts';
import type { Lease, Node } from '../../kinds/schema/types.ts';
import { isPosted, neverPosted } from './neverPosted.ts';

const created = Date.parse('2026-01-01T00:00:00Z');
const node = (...types: string[]): Node => ({
  metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
  status: { conditions: types.map((type) => ({ type, status: 'False' })) },
});

test('a kubelet has a minute to tell of its Node', () => {
  expect(neverPosted(node(), undefined, created + 20_000)).toEqual({ waitMs: 40_000 });
});

test('it has told once there is a Ready', () => {
  expect([node('Ready'), node('DiskPressure'), node()].map(isPosted)).toEqual([true, false, false]);
});

describe('a kubelet that only renews its Lease', () => {
  const renewed = (afterMs: number): Lease => ({
    metadata: { name: 'n', namespace: 'kube-node-lease' },
    spec: { renewTime: formatMicroTime(created + afterMs) },
  });
  test.each([
    ['is waited for from then on', 50_000, 70_000, { waitMs: 40_000 }],
    ['lives no longer than until now by a clock that is ahead', 900_000, 70_000, { waitMs: 60_000 }],
    ['has no less time than one without', -900_000, 20_000, { waitMs: 40_000 }],
  ])('%s', (_, renewedMs, nowMs, expected) => {
    expect(neverPosted(node(), renewed(renewedMs), created + nowMs)).toEqual(expected);
  });
  test('is unknown once it renews no more', () => {
    expect(neverPosted(node(), renewed(50_000), created + 110_000)).toHaveProperty('conditions');
  });
});

test('then its conditions are unknown, but those that somebody has written', () => {
  const said = neverPosted(node('DiskPressure'), undefined, created + 60_000);
  expect(said).toEqual({
    conditions: [
      { type: 'DiskPressure', status: 'False' },
      ...['Ready', 'MemoryPressure', 'PIDPressure'].map((type) => ({
        type,
        status: 'Unknown',
        lastHeartbeatTime: '2026-01-01T00:00:00Z',
        lastTransitionTime: '2026-01-01T00:01:00Z',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
      })),
    ],
  });
});
