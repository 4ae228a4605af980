import { expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../kinds/schema/types.ts';
import { asScheduled } from './effective.ts';
import { noFacts } from './facts.ts';
import { scheduler } from './index.ts';
import { plan } from './plan.ts';
import { podRequests } from './resources.ts';
import { snapshotOf } from './snapshot.ts';

const cpu = (amount: string) => ({ requests: { cpu: amount } });
const statusOf = (name: string, has: string, promised?: string) =>
  ({
    name,
    resources: cpu(has),
    ...(promised && { allocatedResources: { cpu: promised } }),
  }) as unknown as ContainerStatus;

/** A Pod on the node whose container asks for `asked` and has `has`. */
const pod = (asked: string, has?: string, reason?: string, promised?: string): Pod => ({
  metadata: { name: 'a', uid: 'a', namespace: 'ns' },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i', resources: cpu(asked) }] },
  status: {
    ...(has && { containerStatuses: [statusOf('c', has, promised)] }),
    ...(reason && { conditions: [{ type: 'PodResizePending', status: 'True', reason }] }),
  },
});

test.each<[string, Pod, number]>([
  ['asks for, before it has anything', pod('2'), 2000],
  ['asks for, while it has less', pod('2', '1'), 2000],
  ['asks for, while it waits for it', pod('2', '1', 'Deferred'), 2000],
  ['has, while it asks for less', pod('1', '2'), 2000],
  ['has, where its node can never give it more', pod('8', '1', 'Infeasible'), 1000],
  ['was promised, where its node can never give it more', pod('8', '1', 'Infeasible', '2'), 2000],
  ['was promised, while it has less', pod('1', '1', undefined, '2'), 2000],
])('a Pod counts what it %s', (_, object, expected) => {
  expect(podRequests(asScheduled(object)).cpu).toBe(expected);
});

test('a Pod that has what it asks for stays itself, however often it is counted', () => {
  const settled = pod('1', '1', undefined, '1');
  expect(asScheduled(settled)).toBe(settled);
});

test('a sidecar counts by what it has, what ends before the others begin does not', () => {
  const initContainers = [
    { name: 'side', restartPolicy: 'Always' as const, resources: cpu('1') },
    { name: 'once', resources: cpu('1') },
  ];
  const object = pod('1', '1');
  object.spec!.initContainers = initContainers;
  object.status!.initContainerStatuses = [statusOf('side', '3'), statusOf('once', '9')];
  expect(asScheduled(object).spec?.initContainers?.map(({ resources }) => resources?.requests?.cpu)).toEqual([
    '3',
    '1',
  ]);
});

const node = {
  metadata: { name: 'n' },
  status: { allocatable: { cpu: '4', pods: '9' }, conditions: [{ type: 'Ready', status: 'True' }] },
};
const waiting: Pod = {
  metadata: { name: 'b', uid: 'b', namespace: 'ns' },
  spec: { containers: [{ name: 'c', image: 'i', resources: cpu('3') }] },
};

test.each([
  ['can never be', 'Infeasible', ['b']],
  ['may yet be', 'Deferred', []],
])('a Pod finds room beside a resize that %s', (_, reason, bound) => {
  const { bind } = plan([pod('8', '1', reason), waiting], [node]);
  expect(bind.map((each) => each.pod.metadata.name)).toEqual(bound);
});

test('the scheduler looks again when a Pod on a node counts less', () => {
  const keys = (now: Pod, old: Pod) => scheduler.watches[0]!.keys(now, old, { deleted: false } as never);
  expect(keys(pod('8', '1', 'Infeasible'), pod('8', '1'))).toHaveLength(1);
  expect(keys(pod('1', '1'), pod('1'))).toHaveLength(0);
});

test('scores count what a Pod has, too', () => {
  const snapshot = snapshotOf([pod('8', '1', 'Infeasible')], [node], noFacts);
  expect(snapshot.scored(snapshot.places[0]!).cpu).toBe(1000);
});
