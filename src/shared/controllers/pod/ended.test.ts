import { describe, expect, test } from '@jest/globals';
import type { ContainerState, Pod } from '../../kinds/schema/types.ts';
import type { PodObservation } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';
import { pod as kubelet } from './index.ts';
import { statusOf } from './status.ts';

const pod: Pod = {
  metadata: {
    namespace: 'ns',
    name: 'p',
    uid: 'u',
    deletionTimestamp: '2026-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 0,
    finalizers: ['batch.kubernetes.io/job-tracking'],
  },
  spec: { restartPolicy: 'Never', containers: [{ name: 'c' }] },
  status: { phase: 'Pending' },
};
const stopped = (state: ContainerState): PodObservation => ({
  startedAt: 0,
  initContainerStatuses: [],
  containerStatuses: [{ name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, state }],
  stopped: true,
});
const creating = stopped({ waiting: { reason: 'ContainerCreating' } });

test('a Pod that is ended before its containers began has failed, and they ended unknown', () => {
  expect(statusOf(pod, creating, 0)).toMatchObject({
    phase: 'Failed',
    containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } }],
  });
});

test('containers that wait for another to be initialised are left as they were', () => {
  const waiting = { ...pod, spec: { ...pod.spec!, initContainers: [{ name: 'i' }] } };
  expect(statusOf(waiting, creating, 0)).toMatchObject({
    phase: 'Failed',
    containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
  });
});

test('one whose containers have ended keeps their word', () => {
  const ended = stopped({ terminated: { exitCode: 0, reason: 'Completed' } });
  const { phase, containerStatuses } = statusOf(pod, ended, 0);
  expect([phase, containerStatuses]).toEqual(['Succeeded', ended.containerStatuses]);
});

/** Returns what the kubelet does, in order, to a Pod that is to go and of which the runtime says this. */
async function doneTo(object: Pod, seen: PodObservation | undefined): Promise<string[]> {
  const done: string[] = [];
  const ctx = {
    client: {
      get: async () => object,
      updateStatus: async (_resource: unknown, { status }: Pod) => {
        const { exitCode } = status?.containerStatuses?.[0]?.state?.terminated ?? {};
        const isUnready = status?.conditions?.some((c) => c.type === 'Ready' && c.reason === 'PodFailed');
        const { phase } = status ?? {};
        done.push(`${phase} ${exitCode}${phase === 'Running' && isUnready ? ' unready' : ''}`);
      },
      delete: async () => done.push('deleted'),
    },
    cloud: {
      pods: {
        nodes: () => [],
        observe: async () => seen,
        stop: async () => done.push('stopped'),
        remove: async () => done.push('removed'),
      },
    },
    env: {},
    clock: { now: () => Date.UTC(2026, 0, 1) },
  } as unknown as ReconcileContext;
  await kubelet.reconcile({ cluster: 'default', namespace: 'ns', name: 'p/u' }, ctx);
  return done;
}

test.each([
  ['the runtime never knew of', undefined, 'Failed undefined'],
  ['was stopped while it began', creating, 'Failed 137'],
])('a Pod with a finalizer that %s has a final phase before it may go', async (_which, seen, last) => {
  expect(await doneTo(pod, seen)).toEqual([last, 'removed', 'deleted']);
});

test('a Pod that fails as a whole is not ready while it ends, and says why once it has', () => {
  const failing = { reason: 'Evicted', message: 'it used too much' };
  const ready = (seen: PodObservation) => {
    const { phase, reason, conditions } = statusOf(
      { ...pod, metadata: { name: 'p' }, status: { phase: 'Running' } },
      { ...seen, ...failing },
      0,
    );
    return [phase, reason, conditions?.find(({ type }) => type === 'Ready')];
  };
  const unready = expect.objectContaining({ status: 'False', reason: 'PodFailed' });
  const [running, over] = [stopped({ running: {} }), stopped({ terminated: { exitCode: 1 } })];
  expect(ready({ ...running, stopped: false })).toEqual(['Running', undefined, unready]);
  expect(ready({ ...over, stopped: false })).toEqual(['Running', undefined, unready]);
  expect(ready(over)).toEqual(['Failed', 'Evicted', unready]);
});

test('one that is past its deadline is said to be not ready at once', async () => {
  const running = { ...stopped({ running: {} }), stopped: false };
  const ready = { type: 'Ready', status: 'True' } as const;
  const expired: Pod = {
    metadata: { namespace: 'ns', name: 'p', uid: 'u' },
    spec: { ...pod.spec!, activeDeadlineSeconds: 1 },
    status: { phase: 'Running', startTime: '2025-01-01T00:00:00Z', conditions: [ready] },
  };
  expect(await doneTo(expired, running)).toEqual(['stopped', 'Running undefined unready']);
});

describe('a Pod without finalizers', () => {
  const free: Pod = { ...pod, metadata: { ...pod.metadata, finalizers: [] } };
  const ended = stopped({ terminated: { exitCode: 3, reason: 'Error' } });

  test('is reported with the ends of its containers before it goes', async () => {
    expect(await doneTo(free, ended)).toEqual(['Failed 3', 'removed', 'deleted']);
  });

  test('goes without a word where nothing of it ever ran, or all was told', async () => {
    expect(await doneTo(free, undefined)).toEqual(['removed', 'deleted']);
    const told: Pod = { ...free, status: { phase: 'Failed' } };
    expect(await doneTo(told, ended)).toEqual(['removed', 'deleted']);
  });
});
