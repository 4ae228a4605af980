import { expect, test } from '@jest/globals';
import type { Pod, PodSpec, ReplicaSet, ServiceAccount } from '../../kinds/schema/types.ts';
import { audiencesInUse, lifeSeconds, mayUse, renewAt } from './plan.ts';

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

test.each<[string, ServiceAccount, Pod[], ReplicaSet[], string[]]>([
  ['nobody', account(), [], [], []],
  ['a Pod with the usual volume', account(), [pod(holding(undefined))], [], ['']],
  ['whatever the account says by now', account(false), [pod(holding(undefined))], [], ['']],
  ['a Pod without', account(), [pod(spec())], [], []],
  ['a Pod that has ended', account(), [pod(holding(undefined), 'Failed')], [], []],
  ['a Pod of another account', account(), [pod({ ...holding(undefined), serviceAccountName: 'b' })], [], []],
  ['audiences, each once', account(), [pod(holding('b', 'a')), pod(holding('a'))], [], ['a', 'b']],
  ['a template', account(), [], [set(spec())], ['']],
  ['a template that stands for none', account(), [], [set(spec(), 0)], []],
  ['a template of an account that mounts none', account(false), [], [set(spec())], []],
  ['the Pod wins', account(false), [], [set(spec({ automountServiceAccountToken: true }))], ['']],
  ['either way', account(), [], [set(spec({ automountServiceAccountToken: false }))], []],
  [
    'a volume of its own',
    account(false),
    [],
    [set({ ...holding('a'), automountServiceAccountToken: false })],
    ['a'],
  ],
])('%s', (_, its, pods, replicaSets, audiences) =>
  expect(audiencesInUse(its, { pods, replicaSets })).toEqual(audiences),
);

test('Pods without a name of one use the account "default"', () => {
  const users = { pods: [pod({ ...holding(undefined), serviceAccountName: '' })], replicaSets: [] };
  expect(audiencesInUse({ metadata: { name: 'default' } }, users)).toEqual(['']);
});

test.each([
  [spec(), true],
  [spec({ automountServiceAccountToken: false }), false],
  [{ ...holding('a'), automountServiceAccountToken: false }, true],
])('a template that may have tokens %#', (its, may) => expect(mayUse(its)).toBe(may));

test('a token is replaced when a third of its year is gone', () => {
  const day = 24 * 3600 * 1000;
  expect(lifeSeconds * 1000).toBe(365 * day);
  expect(renewAt(0) / day).toBeCloseTo(365 / 3);
});
