import { expect, test } from '@jest/globals';
import type { Deployment, ReplicaSet } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';
import { newReplicaSet } from './revision.ts';

const d = (replicas: number, image: string): Deployment => ({
  metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1 },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  },
});
const set = (
  of: Deployment,
  revision: number | bigint,
  replicas: number,
  available = replicas,
): ReplicaSet => ({
  ...newReplicaSet(of, BigInt(revision), replicas),
  status: { replicas, availableReplicas: available },
});
const step = (deployment: Deployment, replicaSets: ReplicaSet[], oldPodsRun = false) =>
  plan({ deployment, replicaSets, oldPodsRun, now: 0 });
const sizes = (p: ReturnType<typeof step>) => p.update.map(({ replicas }) => replicas);

// The steps of rollout-timeline: 3 replicas, one surge, none unavailable.
test.each([
  { old: 3, oldUp: 3, fresh: 1, freshUp: 1, next: [2], why: 'a new one is up, so an old one goes' },
  { old: 2, oldUp: 2, fresh: 1, freshUp: 1, next: [2], why: 'room for the next new one' },
  { old: 2, oldUp: 2, fresh: 2, freshUp: 1, next: [], why: 'it is not up yet' },
  {
    old: 3,
    oldUp: 1,
    fresh: 1,
    freshUp: 0,
    next: [],
    why: 'unhealthy ones count only beyond what must be available',
  },
  { old: 0, oldUp: 0, fresh: 3, freshUp: 3, next: [], why: 'done' },
])('old $old, new $fresh: $why', ({ old, oldUp, fresh, freshUp, next }) => {
  const before = d(3, 'app:1');
  const now = d(3, 'app:2');
  expect(sizes(step(now, [set(before, 1, old, oldUp), set(now, 2, fresh, freshUp)]))).toEqual(next);
});

test('a Deployment that begins paused says so, makes nothing, and says when it is resumed', () => {
  const begins = {
    ...d(2, 'app:1'),
    spec: { ...d(2, 'app:1').spec!, paused: true, progressDeadlineSeconds: 600 },
  };
  const paused = step(begins, []);
  expect(paused.create).toBeUndefined();
  expect(paused.status.conditions).toMatchObject([
    { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused' },
    { type: 'Available' },
  ]);
  const resumed = step({ ...begins, spec: { ...begins.spec, paused: false }, status: paused.status }, []);
  expect(resumed.status.conditions).toContainEqual(expect.objectContaining({ reason: 'DeploymentResumed' }));
});

test('B10: Recreate waits until the old ReplicaSet says that it has no Pods', () => {
  const recreate = (of: Deployment): Deployment => ({
    ...of,
    spec: { ...of.spec!, strategy: { type: 'Recreate' } },
  });
  const old = set(recreate(d(3, 'app:1')), 1, 0);
  const counted = { ...old, status: { ...old.status, replicas: 1 } };
  expect(step(recreate(d(3, 'app:2')), [counted]).create).toBeUndefined();
  expect(step(recreate(d(3, 'app:2')), [old]).create).toBeDefined();
});

test('Recreate empties the old one, waits for its Pods, then makes the new one whole', () => {
  const now = { ...d(3, 'app:2'), spec: { ...d(3, 'app:2').spec!, strategy: { type: 'Recreate' as const } } };
  const before = {
    ...d(3, 'app:1'),
    spec: { ...d(3, 'app:1').spec!, strategy: { type: 'Recreate' as const } },
  };
  expect(sizes(step(now, [set(before, 1, 3)]))).toEqual([0]);
  expect(step(now, [set(before, 1, 0)], true).create).toBeUndefined();
  expect(step(now, [set(before, 1, 0)]).create?.spec?.replicas).toBe(3);
});

test('B9: a revision beyond 2^53 keeps its digits and counts on', () => {
  const before = d(3, 'app:1');
  const now = d(3, 'app:2');
  const old = set(before, 3546343826724305832n, 3);
  const { create, revision } = step(now, [old]);
  expect(revision).toBe('3546343826724305833');
  expect(create?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3546343826724305833');
  const back = step(before, [old, set(now, 3546343826724305833n, 0)]);
  expect(back.update[0]?.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '3546343826724305834',
    'deployment.kubernetes.io/revision-history': '3546343826724305832',
  });
});

test.each(['', 'x', '1.5', '99999999999999999999'])('B9: %j, which is no int64, is no revision', (text) => {
  const before = set(d(3, 'app:1'), 1, 3);
  before.metadata.annotations!['deployment.kubernetes.io/revision'] = text;
  expect(step(d(3, 'app:2'), [before]).revision).toBe('1');
});

test('a revision does not keep what was noted when it was put to sleep: undo must not wake what a user made zero', () => {
  const asleep = d(0, 'app:1');
  asleep.metadata.annotations = {
    team: 'a',
    'shallop.dev/replicas-when-awake': '3',
    'shallop.dev/asleep-behind': 'web',
  };
  const { annotations } = newReplicaSet(asleep, 1n, 0).metadata;
  expect(Object.keys(annotations ?? {}).filter((key) => !key.startsWith('deployment.'))).toEqual(['team']);
});
