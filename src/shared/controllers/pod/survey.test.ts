import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Pod, PodSpec } from '../../kinds/schema/types.ts';
import type { PodObservation, Surveyed } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';
import { statusOf } from './status.ts';
import { surveyPods } from './survey.ts';

const clock = new ManualClock();
const seen: PodObservation = {
  podIP: '10.0.0.1',
  startedAt: 0,
  initContainerStatuses: [],
  containerStatuses: [
    { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0, state: { running: {} } },
  ],
  stopped: false,
};

const podOf = (name: string, spec: Partial<PodSpec> = {}, status?: Pod['status']): Pod => {
  const pod: Pod = {
    metadata: { namespace: 'ns', name, uid: name },
    spec: { nodeName: 'node', containers: [{ name: 'c' }], ...spec },
  };
  return { ...pod, status: status ?? statusOf(pod, seen, clock.now()) };
};

/** Returns which of the Pods are woken, when all run as `seen` says, but for what `more` says of some. */
async function woken(pods: Pod[], more: Record<string, PodObservation | undefined> = {}, surveys = true) {
  const survey = async (all: readonly Surveyed[]) =>
    all.map(({ ref, pod }) => {
      const told = ref.name in more ? more[ref.name] : seen;
      return { ref, pod, ...(told && { seen: told }) };
    });
  const ctx = {
    client: { list: async () => pods },
    cloud: { pods: { nodes: () => [{ name: 'node' }], ...(surveys && { survey }) } },
    clock,
  } as unknown as ReconcileContext;
  const { wake } = await surveyPods('default', ctx);
  return wake.map(({ namespace, name }) => `${namespace}/${name}`);
}

test('D3: Pods that are as their status says are not woken', async () => {
  expect(await woken([podOf('a'), podOf('b')])).toEqual([]);
});

test('D3: a Pod whose health or step differs is', async () => {
  const ill = { ...seen, containerStatuses: [{ ...seen.containerStatuses[0]!, ready: false }] };
  expect(await woken([podOf('a'), podOf('ill'), podOf('due')], { ill, due: undefined })).toEqual([
    'ns/ill/ill',
    'ns/due/due',
  ]);
});

test.each<[string, Pod]>([
  [
    'to end',
    { ...podOf('p'), metadata: { ...podOf('p').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ],
  ['with a deadline', podOf('p', { activeDeadlineSeconds: 5 })],
  ['that waits for a gate', podOf('p', { readinessGates: [{ conditionType: 'service.shallop.dev/web' }] })],
])('D3: a Pod %s is woken, whatever runs of it', async (_, pod) => {
  expect(await woken([pod])).toEqual(['ns/p/p']);
});

test('D3: those of other nodes, without one, and those that have ended are left alone', async () => {
  const pods = [podOf('a', { nodeName: 'other' }), podOf('b', {}, { phase: 'Succeeded' })];
  expect(await woken(pods, { a: undefined, b: undefined })).toEqual([]);
});

test('D3: a runtime that cannot survey has each looked at', async () => {
  expect(await woken([podOf('a'), podOf('b')], {}, false)).toEqual(['ns/a/a', 'ns/b/b']);
});
