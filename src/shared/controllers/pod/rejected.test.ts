import { expect, test } from '@jest/globals';
import type { Pod, PodStatus } from '../../kinds/schema/types.ts';
import { rejectedStatus } from './rejected.ts';

const rejection = { reason: 'OutOfcpu', message: 'no room' };
const pod = (status: PodStatus): Pod => ({
  metadata: { name: 'p', generation: 3 },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status,
});
const now = Date.UTC(2026, 0, 1);
const gate = { type: 'example.com/gate', status: 'True' };
const disrupted = { type: 'DisruptionTarget', status: 'True' };

test('a Pod that is rejected has begun then, and keeps what others than kubelet have said', () => {
  const claims = {
    resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'p-gpu' }],
    extendedResourceClaimStatus: { resourceClaimName: 'p-x', requestMappings: [] },
  };
  const scheduled = { type: 'PodScheduled', status: 'True' };
  const status = { phase: 'Pending' as const, conditions: [scheduled, gate, disrupted], ...claims };
  expect(rejectedStatus(pod(status), rejection, now)).toEqual({
    observedGeneration: 3,
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: 'Pod was rejected: no room',
    conditions: [gate, disrupted],
    startTime: '2026-01-01T00:00:00Z',
    qosClass: 'BestEffort',
    ...claims,
  });
});

test('a Pod of which only kubelet has said something keeps nothing', () => {
  const status = rejectedStatus(
    pod({ conditions: [{ type: 'PodScheduled', status: 'True' }] }),
    rejection,
    now,
  );
  expect(status).not.toHaveProperty('conditions');
});

test('a Pod that is rejected keeps the time at which it began', () => {
  const startTime = '2025-12-31T00:00:00Z';
  expect(rejectedStatus(pod({ startTime }), rejection, now).startTime).toBe(startTime);
});
