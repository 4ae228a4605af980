import { expect, test } from '@jest/globals';
import type { Pod, Taint, Toleration } from '../../kinds/schema/types.ts';
import { plan, timed } from './plan.ts';

const start = Date.UTC(2026, 0, 1);
const taint: Taint = { key: 'a', value: 'b', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' };
const other: Taint = { ...taint, key: 'c' };
const pod = (tolerations: Toleration[], metadata: object = {}): Pod => ({
  metadata: { name: 'p', ...metadata },
  spec: { containers: [], tolerations },
});
const forSeconds = (tolerationSeconds?: number): Toleration => ({
  key: 'a',
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds !== undefined && { tolerationSeconds }),
});

test.each([
  ['no toleration', [], [taint], 'now'],
  ['for ever', [forSeconds()], [taint], 'never'],
  ['another value', [{ key: 'a', value: 'x' }], [taint], 'now'],
  ['everything', [{ operator: 'Exists' as const }], [taint, other], 'never'],
  ['for a while', [forSeconds(30)], [taint], 20_000],
  ['for a while that is over', [forSeconds(10)], [taint], 'now'],
  [
    'the first of several, which has no end',
    [{ operator: 'Exists' as const }, forSeconds(15)],
    [taint],
    'never',
  ],
  [
    'the first of several, which has an end',
    [forSeconds(15), { operator: 'Exists' as const }],
    [taint],
    5_000,
  ],
  [
    'the shortest for several taints',
    [forSeconds(30), { ...forSeconds(15), key: 'c' }],
    [taint, other],
    5_000,
  ],
  ['one taint of two', [forSeconds()], [taint, other], 'now'],
  [
    'B9: longer than any number holds',
    [forSeconds((2n ** 62n) as unknown as number)],
    [taint],
    9_223_372_026_000,
  ],
  ['not at all, in seconds', [forSeconds(-1)], [taint], 'now'],
  [
    'for a while from now on',
    [forSeconds(30)],
    [{ ...taint, timeAdded: undefined } as unknown as Taint],
    30_000,
  ],
])('%s', (_, tolerations, taints, expected) => {
  const { evict, requeueAfterMs } = plan(taints, [pod(tolerations)], start + 10_000);
  expect(evict.length > 0 ? 'now' : (requeueAfterMs ?? 'never')).toBe(expected);
});

test.each<[when: string, metadata: object, status: object, expected: unknown]>([
  ['it was made since', { creationTimestamp: '2026-01-01T00:05:00Z' }, {}, 30_000],
  ['it was made before', { creationTimestamp: '2025-12-31T00:00:00Z' }, {}, 'now'],
  [
    'it was bound since',
    { creationTimestamp: '2025-12-31T00:00:00Z' },
    { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:04:50Z' }] },
    20_000,
  ],
])(
  'a Pod on a Node that has long been tainted has its patience from when it came: %s',
  (_, metadata, status, expected) => {
    const here = { ...pod([forSeconds(30)], metadata), status };
    const { evict, requeueAfterMs } = plan([taint], [here], start + 300_000);
    expect(evict.length > 0 ? 'now' : requeueAfterMs).toBe(expected);
  },
);

test('Pods that go already or have ended are left alone', () => {
  const going = pod([], { deletionTimestamp: 'x' });
  const ended = { ...pod([]), status: { phase: 'Succeeded' as const } };
  expect(plan([taint], [going, ended], start)).toEqual({ evict: [] });
});

test('only NoExecute taints without a time get one', () => {
  const bare = { key: 'x', effect: 'NoExecute' as const };
  const schedule = { key: 'y', effect: 'NoSchedule' as const };
  expect(timed([taint, bare, schedule], 't')).toEqual([taint, { ...bare, timeAdded: 't' }, schedule]);
  expect(timed([taint, schedule], 't')).toBeUndefined();
});
