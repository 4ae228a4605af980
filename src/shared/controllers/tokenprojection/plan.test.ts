import { expect, test } from '@jest/globals';
import type { Pod, PodSpec, ReplicaSet, ServiceAccount } from '../../kinds/schema/types.ts';
import { isDue, isInUse, lifeSeconds, mayUse, renewAt } from './plan.ts';

const account = (automountServiceAccountToken?: boolean): ServiceAccount => ({
  metadata: { name: 'app' },
  ...(automountServiceAccountToken !== undefined && { automountServiceAccountToken }),
});
const spec = (more: Partial<PodSpec> = {}): PodSpec => ({
  containers: [],
  serviceAccountName: 'app',
  ...more,
});
/** With a volume that has tokens for these audiences. */
const holding = (...audiences: (string | undefined)[]) =>
  spec({
    volumes: audiences.map((audience, i) => ({
      name: `v${i}`,
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', ...(audience && { audience }) } },
          { configMap: { name: 'm' } },
        ],
      },
    })),
  });
const pod = (its: PodSpec, phase = 'Running'): Pod => ({
  metadata: {},
  spec: its,
  status: { phase } as Pod['status'],
});
const set = (its: PodSpec, replicas = 1): ReplicaSet =>
  ({ metadata: {}, spec: { replicas, template: { spec: its } } }) as ReplicaSet;

test.each<[string, ServiceAccount, Pod[], ReplicaSet[], boolean]>([
  ['nobody', account(), [], [], false],
  ['a Pod with the usual volume', account(), [pod(holding(undefined))], [], true],
  ['whatever the account says by now', account(false), [pod(holding(undefined))], [], true],
  ['a Pod without', account(), [pod(spec())], [], false],
  ['a Pod that has ended', account(), [pod(holding(undefined), 'Failed')], [], false],
  ['a Pod of another account', account(), [pod({ ...holding('a'), serviceAccountName: 'b' })], [], false],
  ['a Pod with a token for somebody else', account(), [pod(spec()), pod(holding('a'))], [], true],
  ['a template', account(), [], [set(spec())], true],
  ['a template that stands for none', account(), [], [set(spec(), 0)], false],
  ['a template of an account that mounts none', account(false), [], [set(spec())], false],
  ['the Pod wins', account(false), [], [set(spec({ automountServiceAccountToken: true }))], true],
  ['either way', account(), [], [set(spec({ automountServiceAccountToken: false }))], false],
  [
    'a volume of its own',
    account(false),
    [],
    [set({ ...holding('a'), automountServiceAccountToken: false })],
    true,
  ],
])('%s', (_, its, pods, replicaSets, used) => expect(isInUse(its, { pods, replicaSets })).toBe(used));

test('where every Pod asks, an account is in use by whoever runs or would run as it', () => {
  const silent = spec({ automountServiceAccountToken: false });
  const used = (pods: Pod[], replicaSets: ReplicaSet[]) =>
    [false, true].map((everyPod) => isInUse(account(), { pods, replicaSets }, everyPod));
  expect(used([pod(silent)], [])).toEqual([false, true]);
  expect(used([], [set(silent)])).toEqual([false, true]);
  expect(used([pod(silent, 'Succeeded')], [set(silent, 0)])).toEqual([false, false]);
  expect(used([pod({ ...silent, serviceAccountName: 'b' })], [])).toEqual([false, false]);
});

test('Pods without a name of one use the account "default"', () => {
  const users = { pods: [pod({ ...holding(undefined), serviceAccountName: '' })], replicaSets: [] };
  expect(isInUse({ metadata: { name: 'default' } }, users)).toBe(true);
});

test.each([
  [spec(), true],
  [spec({ automountServiceAccountToken: false }), false],
  [{ ...holding('a'), automountServiceAccountToken: false }, true],
])('a template that may have tokens %#', (its, may) => expect(mayUse(its)).toBe(may));

test('D11: a boot token is good for a day, and replaced when a third of it is gone', () => {
  const hour = 3600 * 1000;
  expect(lifeSeconds * 1000).toBe(24 * hour);
  expect(renewAt(0) / hour).toBe(8);
});

test.each([
  ['while it is fresh', 10, undefined, false],
  ['when its time has come', renewAt(0), undefined, true],
  ['when keys of before it was issued were given up', 10, 0, false],
  ['when its own key was given up', 10, 1, true],
])('is renewed %s', (_when, now, since, isRenewed) => {
  expect(isDue(renewAt(0), now, since)).toBe(isRenewed);
});
