import { expect, test } from '@jest/globals';
import type { Pod } from '../pods.ts';
import { type DrainRules, drainPlan } from './plan.ts';

const owner = (kind: string, apiVersion = 'apps/v1') => ({
  ownerReferences: [{ apiVersion, kind, name: 'it', controller: true }],
});
const pod = (name: string, metadata: object = {}, spec: object = {}, status: object = {}): Pod => ({
  metadata: { name, namespace: 'n', ...metadata },
  spec: { containers: [{ name: 'c' }], ...spec },
  status,
});
const local = { volumes: [{ name: 'v', emptyDir: {} }] };
const strict: DrainRules = {
  force: false,
  ignoreDaemonSets: false,
  deleteEmptyDirData: false,
  skipAfterSeconds: 0,
  nowMs: Date.parse('2026-01-01T00:01:00Z'),
};
const due = { deletionTimestamp: '2026-01-01T00:00:30Z' };

test.each<[string, Pod, Partial<DrainRules>, { goes: boolean; warning?: string; error?: string }]>([
  ['a Pod of a ReplicaSet', pod('p', owner('ReplicaSet')), {}, { goes: true }],
  [
    'a Pod of nobody',
    pod('p'),
    {},
    {
      goes: false,
      error: 'cannot delete cannot delete Pods that declare no controller (use --force to override): n/p',
    },
  ],
  [
    'a Pod of nobody, by force',
    pod('p'),
    { force: true },
    { goes: true, warning: 'deleting Pods that declare no controller: n/p' },
  ],
  ['one that has ended', pod('p', {}, local, { phase: 'Succeeded' }), {}, { goes: true }],
  [
    'local data',
    pod('p', owner('ReplicaSet'), local),
    {},
    {
      goes: false,
      error: 'cannot delete Pods with local storage (use --delete-emptydir-data to override): n/p',
    },
  ],
  [
    'local data that may go',
    pod('p', owner('ReplicaSet'), local),
    { deleteEmptyDirData: true },
    { goes: true },
  ],
  ['a mirror', pod('p', { annotations: { 'kubernetes.io/config.mirror': '' } }), {}, { goes: false }],
  [
    'a daemon',
    pod('p', owner('DaemonSet')),
    {},
    { goes: false, error: 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): n/p' },
  ],
  [
    'a daemon that is left',
    pod('p', owner('DaemonSet')),
    { ignoreDaemonSets: true, force: true },
    { goes: false, warning: 'ignoring DaemonSet-managed Pods: n/p' },
  ],
  ['a daemon that has ended', pod('p', owner('DaemonSet'), {}, { phase: 'Failed' }), {}, { goes: true }],
  ['a DaemonSet of another group', pod('p', owner('DaemonSet', 'example.com/v1')), {}, { goes: true }],
  [
    'an orphan',
    pod('orphan', owner('DaemonSet')),
    { ignoreDaemonSets: true },
    { goes: false, error: 'cannot delete gone: n/orphan' },
  ],
  ['an orphan, by force', pod('orphan', owner('DaemonSet')), { force: true }, { goes: true }],
  [
    'one that is overdue',
    pod('p', { ...due, ...owner('ReplicaSet') }),
    { skipAfterSeconds: 29 },
    { goes: false },
  ],
  [
    'one that is not overdue yet',
    pod('p', { ...due, ...owner('ReplicaSet') }),
    { skipAfterSeconds: 30 },
    { goes: true },
  ],
])('%s', (_what, one, rules, { goes, warning = '', error }) => {
  const isOrphan = one.metadata.name === 'orphan';
  const unread = () => (isOrphan ? { message: 'gone', isNotFound: true } : undefined);
  expect(drainPlan([one], { ...strict, ...rules }, unread)).toEqual({
    going: goes ? [one] : [],
    warnings: warning,
    errors: error ? [error] : [],
  });
});

test('several are told together, each reason once', () => {
  const pods = [pod('a'), pod('b', owner('DaemonSet')), pod('c'), pod('d', owner('ReplicaSet'))];
  const { going, warnings } = drainPlan(
    pods,
    { ...strict, force: true, ignoreDaemonSets: true },
    () => undefined,
  );
  expect(going.map(({ metadata }) => metadata.name)).toEqual(['a', 'c', 'd']);
  expect(warnings).toBe(
    'deleting Pods that declare no controller: n/a, n/c; ignoring DaemonSet-managed Pods: n/b',
  );
});
