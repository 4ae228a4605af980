import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { createFakeMetrics } from '../../fake/metrics.ts';
import type { MetricSpec, MetricTarget, Pod } from '../../kinds/schema/types.ts';
import { measure } from './measure.ts';

const clock = new ManualClock();
const now = clock.now();
const place = { cluster: 'default', namespace: 'test-namespace' };
const int64Most = 2 ** 63;

/** As replica_calculator_test.go has its cases. */
interface Case {
  name: string;
  of: 'Pods' | 'Object' | 'External';
  current: number;
  levels: number[];
  /** For all together; or, of Pods and with `perPod`, for each. In thousandths. */
  target?: number;
  perPod?: number;
  replicas: number;
  usage: number;
  ready?: boolean[];
  /** Pods that have just started. */
  hot?: boolean[];
  up?: number;
  pods?: number;
}

const cases: Case[] = [
  {
    name: 'ExternalPerPodMetricReplicaOverflow',
    ...{ of: 'External', current: 1, levels: [int64Most], perPod: 1 },
    ...{ replicas: 2 ** 31 - 1, usage: int64Most },
  },
  {
    name: 'ExternalPerPodMetricUsageOverflow',
    ...{ of: 'External', current: 1, levels: [int64Most], perPod: int64Most },
    ...{ replicas: 1, usage: int64Most },
  },
  {
    name: 'ReplicaCalcScaleUpCM',
    ...{ of: 'Pods', current: 3, levels: [20000, 10000, 30000], target: 15000, replicas: 4, usage: 20000 },
  },
  {
    name: 'ReplicaCalcScaleUpCMUnreadyHotCpuNoLessScale',
    ...{ of: 'Pods', current: 3, levels: [50000, 10000, 30000], target: 15000, replicas: 6, usage: 30000 },
    ...{ ready: [true, true, false], hot: [false, false, true] },
  },
  {
    name: 'ReplicaCalcScaleUpCMUnreadyHotCpuScaleWouldScaleDown',
    ...{ of: 'Pods', current: 3, levels: [50000, 15000, 30000], target: 15000, replicas: 7, usage: 31666 },
    ...{ ready: [false, true, false], hot: [true, false, true] },
  },
  {
    name: 'ReplicaCalcScaleUpCMObject',
    ...{ of: 'Object', current: 3, levels: [20000], target: 15000, replicas: 4, usage: 20000 },
  },
  {
    name: 'ReplicaCalcScaleUpCMPerPodObject',
    ...{ of: 'Object', current: 3, levels: [20000], perPod: 5000, replicas: 4, usage: 6667 },
  },
  {
    name: 'ReplicaCalcScaleUpCMObjectIgnoresUnreadyPods',
    ...{ of: 'Object', current: 3, levels: [50000], target: 10000, replicas: 5, usage: 50000 },
    ready: [false, true, false],
  },
  {
    name: 'ReplicaCalcScaleUpCMExternal',
    ...{ of: 'External', current: 1, levels: [8600], target: 4400, replicas: 2, usage: 8600 },
  },
  {
    name: 'ReplicaCalcScaleUpCMExternalIgnoresUnreadyPods',
    ...{ of: 'External', current: 3, levels: [8600], target: 4400, replicas: 2, usage: 8600 },
    ready: [false, true, false],
  },
  {
    name: 'ReplicaCalcScaleUpPerPodCMExternal',
    ...{ of: 'External', current: 3, levels: [8600], perPod: 2150, replicas: 4, usage: 2867 },
  },
  {
    name: 'ReplicaCalcScaleDownCM',
    ...{ of: 'Pods', current: 5, levels: Array(5).fill(12000), target: 20000, replicas: 3, usage: 12000 },
  },
  {
    name: 'ReplicaCalcScaleDownPerPodCMObject',
    ...{ of: 'Object', current: 5, levels: [6000], perPod: 2000, replicas: 3, usage: 1200 },
  },
  {
    name: 'ReplicaCalcScaleDownCMObject',
    ...{ of: 'Object', current: 5, levels: [12000], target: 20000, replicas: 3, usage: 12000 },
  },
  {
    name: 'ReplicaCalcScaleDownCMExternal',
    ...{ of: 'External', current: 5, levels: [8600], target: 14334, replicas: 3, usage: 8600 },
  },
  {
    name: 'ReplicaCalcScaleDownPerPodCMExternal',
    ...{ of: 'External', current: 5, levels: [8600], perPod: 2867, replicas: 3, usage: 1720 },
  },
  {
    name: 'ReplicaCalcToleranceCM',
    ...{ of: 'Pods', current: 3, levels: [20000, 21000, 21000], target: 20000, replicas: 3, usage: 20666 },
  },
  {
    name: 'ReplicaCalcToleranceCMObject',
    ...{ of: 'Object', current: 3, levels: [20666], target: 20000, replicas: 3, usage: 20666 },
  },
  {
    name: 'ReplicaCalcTolerancePerPodCMObject',
    ...{ of: 'Object', current: 4, levels: [20166], perPod: 5000, replicas: 4, usage: 5042 },
  },
  {
    name: 'ReplicaCalcToleranceCMExternal',
    ...{ of: 'External', current: 3, levels: [8600], target: 8888, replicas: 3, usage: 8600 },
  },
  {
    name: 'ReplicaCalcTolerancePerPodCMExternal',
    ...{ of: 'External', current: 3, levels: [8600], perPod: 2900, replicas: 3, usage: 2867 },
  },
  {
    name: 'ReplicaCalcConfigurableToleranceCM',
    ...{ of: 'Pods', current: 3, levels: [20000, 21000, 21000], target: 20000, replicas: 4, usage: 20666 },
    up: 0.01,
  },
  {
    name: 'ReplicaCalcConfigurableToleranceCMObject',
    ...{ of: 'Object', current: 3, levels: [20666], target: 20000, replicas: 4, usage: 20666, up: 0.01 },
  },
  {
    name: 'ReplicaCalcConfigurableTolerancePerPodCMObject',
    ...{ of: 'Object', current: 4, levels: [20208], perPod: 5000, replicas: 5, usage: 5052, up: 0.01 },
  },
  {
    name: 'ReplicaCalcConfigurableToleranceCMExternal',
    ...{ of: 'External', current: 3, levels: [8900], target: 8800, replicas: 4, usage: 8900, up: 0.01 },
  },
  {
    name: 'ReplicaCalcConfigurableTolerancePerPodCMExternal',
    ...{ of: 'External', current: 3, levels: [8600], perPod: 2800, replicas: 4, usage: 2867, up: 0.01 },
  },
  {
    name: 'PlainMetricReplicaCalcMissingMetricsNoChangeEq',
    ...{ of: 'Pods', current: 5, levels: [20000, 19000, 21000], target: 20000, replicas: 5, usage: 20000 },
  },
  {
    name: 'ReplicaCalcDuringRollingUpdateWithMaxSurgeCM',
    ...{ of: 'Pods', current: 2, levels: [10000, 10000], target: 17000, replicas: 2, usage: 10000, pods: 3 },
  },
  {
    name: 'ReplicaCalcExternalMetricUsageOverflow',
    ...{ of: 'External', current: 3, levels: [int64Most / 2, int64Most / 2], target: int64Most },
    ...{ replicas: 3, usage: int64Most },
  },
];

const podOf = (name: string, isReady: boolean, isHot: boolean): Pod => ({
  metadata: { name },
  status: {
    phase: 'Running',
    startTime: new Date(now - (isHot ? 0 : 180_000)).toISOString(),
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
  },
});

const inThousandths = (amount: number) => `${BigInt(amount)}m`;

function specOf({ of, target, perPod }: Case): MetricSpec {
  const metric = { name: 'qps', selector: { matchLabels: { label: 'value' } } };
  const average = perPod ?? (of === 'Pods' ? target : undefined);
  const wanted: MetricTarget =
    average === undefined
      ? { type: 'Value', value: inThousandths(target!) }
      : { type: 'AverageValue', averageValue: inThousandths(average) };
  const describedObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'some-deployment' };
  if (of === 'Pods') return { type: of, pods: { metric, target: wanted } };
  if (of === 'External') return { type: of, external: { metric, target: wanted } };
  return { type: of, object: { metric, target: wanted, describedObject } };
}

test.each(cases)('replica_calculator_test.go: Test$name', async (row) => {
  const { of, current, levels, ready, hot, up = 0.1, pods = current } = row;
  const metrics = createFakeMetrics(clock);
  if (of === 'Pods')
    for (const [i, level] of levels.entries()) metrics.setPod(place, `test-pod-${i}`, 'qps', level);
  metrics.setObject(place, 'Deployment', 'some-deployment', 'qps', levels[0]!);
  metrics.setExternal(place, 'qps', levels);
  const found = await measure(
    specOf(row),
    {
      place,
      selector: 'name=test-pod',
      pods: Array.from({ length: pods }, (_, i) =>
        podOf(`test-pod-${i}`, ready?.[i] ?? true, hot?.[i] ?? false),
      ),
      ...{ specReplicas: current, statusReplicas: current },
      ...{ tolerance: { up, down: 0.1 }, now },
    },
    metrics,
  );
  expect(found).toMatchObject({ replicas: row.replicas });
  const { status } = found as Extract<typeof found, { status: object }>;
  const values = (status.pods ?? status.object ?? status.external)!.current;
  const most = 2n ** 63n - 1n;
  const usage = BigInt(row.usage) > most ? most : BigInt(row.usage);
  expect(milliOf(values.averageValue ?? values.value)).toBe(usage);
});

/** Of the texts that occur here. */
function milliOf(text: string | number | undefined): bigint {
  const [, digits = '', unit = ''] = /^(\d+)(m?)$/.exec(String(text)) ?? [];
  return BigInt(digits) * (unit === 'm' ? 1n : 1000n);
}
