import { expect, test } from '@jest/globals';
import type { Node, Taint } from '../../kinds/schema/types.ts';
import { taintsFor } from './plan.ts';

const node = (spec: Node['spec'], conditions: Record<string, string> = { Ready: 'True' }): Node => ({
  metadata: { name: 'n' },
  spec,
  status: {
    conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })),
  } as Node['status'] & object,
});
const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const own: Taint = { key: 'a', value: 'b', effect: 'NoExecute' };
const ids = (taints: Taint[] | undefined) =>
  taints?.map(({ key, effect }) => `${key.split('/').at(-1)}:${effect}`);

test.each([
  ['a cordon', node({ unschedulable: true, taints: [own] }), ['a:NoExecute', 'unschedulable:NoSchedule']],
  ['a cordon lifted', node({ taints: [unschedulable, own] }), ['a:NoExecute']],
  ['nothing new', node({ unschedulable: true, taints: [unschedulable] }), undefined],
  ['all well', node({ taints: [own] }), undefined],
  ['not ready', node({}, { Ready: 'False' }), ['not-ready:NoSchedule', 'not-ready:NoExecute']],
  ['unreachable', node({}, { Ready: 'Unknown' }), ['unreachable:NoSchedule', 'unreachable:NoExecute']],
  ['pressure', node({}, { Ready: 'True', DiskPressure: 'True' }), ['disk-pressure:NoSchedule']],
])('%s', (_, of, expected) => {
  expect(ids(taintsFor(of, 't'))).toEqual(expected);
});

test('a taint tells since when; one that stays keeps its time', () => {
  const before = { ...unschedulable, timeAdded: 'before' };
  const taints = taintsFor(node({ unschedulable: true, taints: [before] }, { Ready: 'False' }), 'now')!;
  expect(taints.map(({ timeAdded }) => timeAdded)).toEqual(['before', 'now', 'now']);
});
