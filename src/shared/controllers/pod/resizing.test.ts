import { describe, expect, test } from '@jest/globals';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { asAllocated } from './allocated.ts';
import { pendingResize, resizeMessage } from './resizing.ts';
import { statusOf } from './status.ts';

const node: Node = {
  metadata: { name: 'n' },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '9' } },
};
const cpu = (amount: string) => ({ requests: { cpu: amount } });

/** A Pod that runs with `given` and whose spec asks for `asked`. */
const pod = (name: string, asked: string, given = asked, conditions: object[] = []): Pod => ({
  metadata: { name, uid: name, generation: 2 },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i', resources: cpu(asked) }] },
  status: {
    phase: 'Running',
    startTime: '2026-01-01T00:00:00Z',
    conditions: conditions as never,
    containerStatuses: [{ name: 'c', resources: cpu(given) }] as never,
  },
});

describe('a Pod is as it was given its resources', () => {
  test('where its spec asks for others', () => {
    expect(asAllocated(pod('a', '500m', '100m'))?.spec?.containers[0]?.resources).toEqual(cpu('100m'));
  });
  test.each([
    ['as it asks for', pod('a', '500m')],
    ['in other words', pod('a', '1', '1000m')],
    ['before it is told of any', { ...pod('a', '500m', '100m'), status: { startTime: 'x' } } as Pod],
    ['before it has started', { ...pod('a', '500m', '100m'), status: {} }],
  ])('%s', (_, object) => {
    expect(asAllocated(object)).toBeUndefined();
  });
});

const waiting = { type: 'PodResizePending', status: 'True' };
test.each([
  ['what there is room for', pod('a', '1500m', '1'), [pod('b', '500m')], undefined],
  [
    'more than the node has',
    pod('a', '3', '1'),
    [],
    {
      reason: 'Infeasible',
      message: "Node didn't have enough capacity: cpu, requested: 3000, capacity: 2000",
    },
  ],
  [
    'what others have now',
    pod('a', '1500m', '1'),
    [pod('b', '1')],
    {
      reason: 'Deferred',
      message: "Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
    },
  ],
  ['what another one only waits for', pod('a', '1500m', '1'), [pod('b', '2', '500m', [waiting])], undefined],
  [
    'what another one is being given',
    pod('a', '1500m', '1'),
    [pod('b', '1', '100m')],
    expect.objectContaining({ reason: 'Deferred' }),
  ],
  [
    'what a Pod had that has ended',
    pod('a', '1500m', '1'),
    [{ ...pod('b', '1'), status: { phase: 'Succeeded' } } as Pod],
    undefined,
  ],
])('a resize to %s', (_, object, others, expected) => {
  expect(pendingResize(object, node, [object, ...others])).toEqual(expected);
});

test('the condition says why, and goes when the resize is let in', () => {
  const seen = { initContainerStatuses: [], containerStatuses: [], stopped: false };
  const pending = { reason: 'Deferred' as const, message: 'no room' };
  const object = pod('a', '2', '1');
  const status = statusOf(object, seen, 0, pending);
  expect(status.conditions?.find(({ type }) => type === 'PodResizePending')).toMatchObject({
    status: 'True',
    ...pending,
    observedGeneration: 2,
  });
  const after = statusOf({ ...object, status }, seen, 0);
  expect(after.conditions?.map(({ type }) => type)).not.toContain('PodResizePending');
});

test('an Event says what is asked for, as kubelet does', () => {
  const object = pod('a', '2');
  object.spec!.containers[0]!.resources = { requests: { memory: '100', cpu: '1' }, limits: { cpu: '2' } };
  expect(resizeMessage(object, 'Pod resize Deferred', 'no room')).toBe(
    'Pod resize Deferred: {"containers":[{"name":"c","resources":{"limits":{"cpu":"2"},"requests":{"cpu":"1","memory":"100"}}}],"generation":2,"error":"no room"}',
  );
});
