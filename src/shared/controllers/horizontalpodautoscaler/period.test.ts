import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { HorizontalPodAutoscaler } from '../../kinds/schema/types.ts';
import type { PodStatistics } from '../../ports/statistics.ts';
import type { ReconcileContext } from '../controller.ts';
import { horizontalPodAutoscaler } from './index.ts';

const pod: PodStatistics['pod'] = async () => [];
const hpa: HorizontalPodAutoscaler = {
  metadata: { name: 'web', namespace: 'default' },
  spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' } },
};

test.each<[string, object, object, number]>([
  ['measures when it is asked', { statistics: { pod } }, {}, 15_000],
  ['is told each minute', { statistics: { pod, everyMs: 60_000 } }, {}, 60_000],
  ['is told each five seconds', { statistics: { pod, everyMs: 5_000 } }, {}, 15_000],
  ['reaches servers of metrics', { statistics: { pod, everyMs: 60_000 } }, { otherServers: {} }, 15_000],
  ['measures nothing', {}, {}, 60_000],
])('an autoscaler of a plane that %s looks again in time', async (_, cloud, env, requeueAfterMs) => {
  const ctx = {
    ...{ cloud, env, clock: new ManualClock(), events: () => {} },
    client: { get: async () => hpa, updateStatus: async () => hpa },
  } as unknown as ReconcileContext;
  const key = { cluster: 'default', namespace: 'default', name: 'web' };
  expect(await horizontalPodAutoscaler.reconcile(key, ctx)).toEqual({ requeueAfterMs });
});
