import { expect, test } from '@jest/globals';
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

test.each([
  ['the runtime never knew of', undefined],
  ['was stopped while it began', creating],
])('a Pod with a finalizer that %s has a final phase before it may go', async (_which, seen) => {
  const done: string[] = [];
  const ctx = {
    client: {
      get: async () => pod,
      updateStatus: async (_resource: unknown, { status }: Pod) => done.push(status!.phase!),
      delete: async () => done.push('deleted'),
    },
    cloud: {
      pods: {
        nodes: () => [],
        observe: async () => seen,
        remove: async () => done.push('removed'),
      },
    },
    env: {},
    clock: { now: () => Date.UTC(2026, 0, 1) },
  } as unknown as ReconcileContext;
  await kubelet.reconcile({ cluster: 'default', namespace: 'ns', name: 'p/u' }, ctx);
  expect(done).toEqual(['Failed', 'removed', 'deleted']);
});
