import { describe, expect, test } from '@jest/globals';
import { formatTime } from '../../clock/clock.ts';
import type { Deployment, Pod } from '../../kinds/schema/types.ts';
import { behindAnnotation, sizeAnnotation } from './annotations.ts';
import { type Observed, plan } from './plan.ts';
import { asleep, awake, sizeWhenAwake, type Workload } from './workload.ts';

const now = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;
const ago = (ms: number) => formatTime(now - ms);

interface Made {
  replicas?: number;
  /** The size that it was put to sleep from. */
  noted?: string;
  rolling?: boolean;
}

function web({ replicas = 2, noted, rolling = false }: Made = {}): Workload {
  const object: Deployment = {
    metadata: {
      name: 'web',
      generation: 3,
      ...(noted && { annotations: { [sizeAnnotation]: noted, [behindAnnotation]: 'web' } }),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
    },
    status: { observedGeneration: rolling ? 2 : 3, replicas, updatedReplicas: replicas },
  };
  return { kind: 'Deployment', object };
}

const pod = (age: number, { app = 'web', ready = true, going = false } = {}): Pod => ({
  metadata: {
    name: 'p',
    labels: { app },
    creationTimestamp: ago(age + 1000),
    ...(going && { deletionTimestamp: ago(0) }),
  },
  spec: { containers: [] },
  status: {
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ago(age) }],
  },
});

const quiet: Observed = {
  ask: { afterMs: 10 * minute },
  isMarked: false,
  isGoing: false,
  workloads: [web()],
  pods: [pod(30 * minute)],
  lastUsed: now - 11 * minute,
  isWanted: false,
  now,
};
const sleeping: Partial<Observed> = {
  isMarked: true,
  workloads: [web({ replicas: 0, noted: '2' })],
  pods: [],
};

/** What is to be done, in short. */
const told = (observed: Partial<Observed>) => {
  const { mayWait, mark, sleep, wake, forget, stay, againMs, refused } = plan({ ...quiet, ...observed });
  return [
    mayWait ? 'waits' : 'ends',
    ...(mark === undefined ? [] : [mark ? 'mark' : 'unmark']),
    ...(sleep.length ? ['sleep'] : []),
    ...(wake.length ? ['wake'] : []),
    ...(forget.length ? ['forget'] : []),
    ...(stay.length ? ['lead'] : []),
    ...(refused ? ['refused'] : []),
    ...(againMs === undefined ? [] : [`${againMs / 1000}s`]),
  ].join(' ');
};

describe('a Service that is to be scaled to zero after ten minutes', () => {
  test.each<[string, Partial<Observed>, string]>([
    ['that nobody used goes to sleep', {}, 'waits mark sleep'],
    ['that says so already too, after a crash', { isMarked: true }, 'waits sleep'],
    ['used nine minutes ago is left alone for one', { lastUsed: now - 9 * minute }, 'waits lead 60s'],
    ['in use', { lastUsed: now }, 'waits lead 600s'],
    ['whose use nobody knows yet', { lastUsed: undefined }, 'waits lead 60s'],
    ['whose Pod has just become ready', { pods: [pod(minute)] }, 'waits lead 540s'],
    ['in a rollout', { workloads: [web({ rolling: true })] }, 'waits lead 60s'],
    ['without a workload so far', { workloads: [], pods: [] }, 'ends 60s'],
    ['asleep', sleeping, 'waits'],
    ['asleep and wanted', { ...sleeping, isWanted: true, lastUsed: now }, 'waits wake 1s'],
    [
      'wanted while its last Pod has not been told to end',
      { ...sleeping, isWanted: true, pods: [pod(30 * minute)] },
      'waits 0.1s',
    ],
    [
      'wanted while its last Pod ends',
      { ...sleeping, isWanted: true, pods: [pod(30 * minute, { going: true })] },
      'waits wake 1s',
    ],
    [
      'woken, its Pod not ready',
      { isMarked: true, pods: [pod(minute, { ready: false })], lastUsed: now, isWanted: true },
      'waits 1s',
    ],
    ['woken, its Pod ready', { isMarked: true, pods: [pod(0)], lastUsed: now }, 'waits unmark lead 600s'],
    ['that is about to go, and used', { isMarked: true, isGoing: true, lastUsed: now }, 'waits 1s'],
    ['that sleeps and does not say so', { ...sleeping, isMarked: false }, 'waits mark'],
    [
      'that somebody scaled to zero',
      { workloads: [web({ replicas: 0 })], pods: [], isWanted: true },
      'ends 60s',
    ],
    [
      'asleep, then scaled up by somebody',
      { isMarked: true, workloads: [web({ noted: '2' })], pods: [pod(0)] },
      'waits unmark forget lead 600s',
    ],
    [
      'half asleep and used',
      { isMarked: true, workloads: [web(), ...sleeping.workloads!], pods: [], isWanted: true },
      'waits wake 1s',
    ],
    ['half asleep and silent', { isMarked: true, workloads: [web(), ...sleeping.workloads!] }, 'waits sleep'],
    [
      'that selects a Pod of nobody',
      { pods: [pod(30 * minute), pod(minute, { app: 'other' })] },
      'ends lead refused 60s',
    ],
    ['refused', { ask: { refused: 'why' } }, 'ends lead refused 60s'],
    ['refused while it sleeps', { ...sleeping, ask: { refused: 'why' } }, 'ends unmark wake refused 60s'],
    ['no longer, awake', { ask: undefined }, 'ends lead'],
    ['no longer, asleep', { ...sleeping, ask: undefined }, 'ends unmark wake'],
  ])('%s', (_, observed, expected) => expect(told(observed)).toBe(expected));
});

test('comes back to the size that it had, and keeps nothing', () => {
  const before = web({ replicas: 3 });
  const slept = asleep(before, ['web', 'metrics']);
  expect(slept.object.spec?.replicas).toBe(0);
  expect(slept.object.metadata.annotations).toEqual({
    [sizeAnnotation]: '3',
    [behindAnnotation]: 'metrics,web',
  });
  const woken = awake(slept);
  expect(woken.object.spec?.replicas).toBe(3);
  expect(woken.object.metadata.annotations).toEqual({});
});

test.each(['', 'many', '-1', '0', '1.5'])('a size that nobody can come back to, %j, is 1', (noted) =>
  expect(sizeWhenAwake(web({ replicas: 0, noted: noted || ' ' }))).toBe(1),
);
