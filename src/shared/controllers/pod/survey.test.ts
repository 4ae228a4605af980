import { describe, expect, test } from '@jest/globals';
import { formatTime } from '../../clock/clock.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Pod, PodSpec } from '../../kinds/schema/types.ts';
import type { PodObservation, Surveyed } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';
import { services } from '../resources.ts';
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

const gate = 'service.shallop.dev/web';
const podOf = (name: string, spec: Partial<PodSpec> = {}, status?: Pod['status']): Pod => {
  const pod: Pod = {
    metadata: { namespace: 'ns', name, uid: name },
    spec: { nodeName: 'node', containers: [{ name: 'c' }], ...spec },
  };
  return { ...pod, status: status ?? statusOf(pod, seen, clock.now()) };
};

interface Around {
  surveys?: boolean;
  /** Conditions of the load balancers that send connections to every Pod. */
  balancers?: string[];
}

/** Returns which of the Pods are woken, when all run as `seen` says, but for what `more` says of some. */
async function woken(
  pods: Pod[],
  more: Record<string, PodObservation | undefined> = {},
  { surveys = true, balancers = [] }: Around = {},
) {
  const survey = async (all: readonly Surveyed[]) =>
    all.map(({ ref, pod }) => {
      const told = ref.name in more ? more[ref.name] : seen;
      return { ref, pod, ...(told && { seen: told }) };
    });
  const ctx = {
    client: { list: async () => pods },
    cloud: { pods: { nodes: () => [{ name: 'node' }], ...(surveys && { survey }) } },
    clock,
    env: { balancersOf: async () => balancers },
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
  [
    'whose gate waits for no load balancer any more',
    podOf('p', { readinessGates: [{ conditionType: gate }] }),
  ],
])('D3: a Pod %s is woken, whatever runs of it', async (_, pod) => {
  expect(await woken([pod])).toEqual(['ns/p/p']);
});

test('D3: those of other nodes, without one, and those that have ended are left alone', async () => {
  const pods = [podOf('a', { nodeName: 'other' }), podOf('b', {}, { phase: 'Succeeded' })];
  expect(await woken(pods, { a: undefined, b: undefined })).toEqual([]);
});

test('D3: a runtime that cannot survey has each looked at', async () => {
  expect(await woken([podOf('a'), podOf('b')], {}, { surveys: false })).toEqual(['ns/a/a', 'ns/b/b']);
});

describe('D4: what a load balancer holds is looked at when it lets go', () => {
  const going = (more: object[] = []): Pod => {
    const pod = podOf('p');
    const conditions = [...pod.status!.conditions!, ...more] as NonNullable<Pod['status']>['conditions'];
    const deletionTimestamp = formatTime(clock.now() + 30_000);
    return {
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 },
      status: { ...pod.status, ...(conditions && { conditions }) },
    };
  };

  test.each<[string, Pod, string[]]>([
    ['waits for its gate', podOf('p', { readinessGates: [{ conditionType: gate }] }), []],
    ['is to end, and still gets connections', going(), []],
    [
      'is to end, and gets none any more',
      going([{ type: gate, status: 'False', reason: 'Drained' }]),
      ['ns/p/p'],
    ],
  ])('a Pod that %s', async (_, pod, wanted) => {
    expect(await woken([pod], {}, { balancers: [gate] })).toEqual(wanted);
  });

  test('the load balancers of all Pods are asked for once', async () => {
    let lists = 0;
    const both = ['a', 'b'].map((name) => ({ ...going(), metadata: { ...going().metadata, name } }));
    const client = {
      list: async ({ plural }: { plural: string }) => {
        if (plural === 'pods') return both;
        lists++;
        return [];
      },
    };
    const balancersOf = async (reader: ReconcileContext['client']) => {
      await reader.list(services, { namespace: 'ns' });
      return [gate];
    };
    const cloud = { pods: { nodes: () => [{ name: 'node' }], survey: async () => [] } };
    const ctx = { client, cloud, clock, env: { balancersOf } } as unknown as ReconcileContext;
    expect(await surveyPods('default', ctx)).toEqual({ wake: [] });
    expect(lists).toBe(1);
  });
});
