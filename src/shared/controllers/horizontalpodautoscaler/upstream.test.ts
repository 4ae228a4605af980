import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type {
  CrossVersionObjectReference,
  HPAScalingRules,
  LabelSelector,
  MetricSpec,
  MetricStatus,
  Pod,
  PodPhase,
} from '../../kinds/schema/types.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { type Measured, measure } from './measure.ts';
import { pace } from './pace.ts';

/** The tables of replica_calculator_test.go and horizontal_test.go, as tools/autoscaling wrote them down. */
interface Row {
  test: string;
  name: string;
  current: number;
  replicas: number;
}
interface Calculated extends Row {
  error?: string;
  tolerance?: { down: number; up: number };
  container?: string;
  ready?: string[];
  phases?: string[];
  deleted?: boolean[];
  startedAgo?: (number | null)[];
  measuredAgo: number | null;
  resource?: {
    name: string;
    requests: string[];
    levels: number[][] | null;
    podNames: string[] | null;
    target: number;
    utilization: number;
    value: number;
  };
  metric?: {
    name: string;
    levels: number[];
    type: 'Object' | 'ObjectPerPod' | 'External' | 'ExternalPerPod' | 'Pods';
    object: CrossVersionObjectReference | null;
    selector: LabelSelector | null;
    target: number;
    perPod: number;
    usage: number;
  };
}
interface Paced extends Row {
  desired: number;
  condition?: string;
  min?: number;
  max?: number;
  recommended?: { replicas: number; ago: number }[];
  up?: { by: number; ago: number }[];
  down?: { by: number; ago: number }[];
  scaleUp?: HPAScalingRules;
  scaleDown?: HPAScalingRules;
  upSeconds?: number;
  downSeconds?: number;
}

const path = new URL('testdata/upstream.json', import.meta.url);
const rows = JSON.parse(readFileSync(path, 'utf8')) as Row[];
const tables = [
  'TestConvertDesiredReplicasWithRules',
  'TestNormalizeDesiredReplicas',
  'TestScalingWithRules',
  'TestNormalizeDesiredReplicasWithBehavior',
];
const isPaced = ({ test: name }: Row) => tables.includes(name);

const now = new ManualClock(Date.UTC(2026, 0)).now();
/** Go's time of nothing, where null is said. */
const at = (ago: number | null): number =>
  ago === null ? Date.parse('0001-01-01T00:00:00Z') : now - ago * 1000;
const textAt = (ago: number | null): string => new Date(at(ago)).toISOString();

describe('as the replica calculator of Kubernetes', () => {
  const place = { cluster: 'default', namespace: 'test-namespace' };
  const nameOf = (i: number) => `test-pod-${i}`;

  /** As many Pods as prepareTestClientSet makes, of two containers each. */
  function podsOf({ current, phases, ready, startedAgo, deleted, resource }: Calculated): Pod[] {
    return Array.from({ length: Math.max(current, phases?.length ?? 0) }, (_, i) => {
      const request = resource?.requests[i];
      const resources = request && resource ? { requests: { [resource.name]: request } } : {};
      return {
        metadata: { name: nameOf(i), ...(deleted?.[i] && { deletionTimestamp: textAt(0) }) },
        spec: { containers: ['container1', 'container2'].map((name) => ({ name, resources })) },
        status: {
          phase: (phases?.[i] ?? 'Running') as PodPhase,
          startTime: textAt(scaledAgo(startedAgo?.[i] ?? null)),
          conditions: [
            { type: 'Ready', status: (ready?.[i] ?? 'True') as 'True', lastTransitionTime: textAt(null) },
          ],
        },
      };
    });
  }

  /** There a Pod is young for two minutes, and here for the five that Kubernetes has by itself. */
  const scaledAgo = (ago: number | null) => ago && (ago * 5) / 2;

  function metricsOf({ resource, metric, container, measuredAgo }: Calculated): Metrics {
    const sample = (value: number) => ({ value, at: at(measuredAgo), windowMs: 60_000 });
    const index = container ? Number(container.replace('container', '')) - 1 : undefined;
    return {
      resource: async () => {
        const levels = resource?.levels ?? [];
        if (levels.length === 0) throw new Error('no metrics returned from resource metrics API');
        return new Map(
          levels.map((ofPod, i) => [
            resource!.podNames?.[i] ?? nameOf(i),
            sample(index === undefined ? ofPod.reduce((sum, level) => sum + level, 0) : ofPod[index]!),
          ]),
        );
      },
      pods: async () => new Map(metric!.levels.map((level, i) => [nameOf(i), sample(level)])),
      object: async () => metric!.levels[0]!,
      external: async () => metric!.levels,
    };
  }

  const milli = (amount: number) => `${BigInt(amount)}m`;

  function specOf({ resource, metric, container = '' }: Calculated): MetricSpec {
    if (resource) {
      const { name } = resource;
      const target = { type: 'Utilization', averageUtilization: resource.target };
      return container
        ? { type: 'ContainerResource', containerResource: { name, container, target } }
        : { type: 'Resource', resource: { name, target } };
    }
    const { type, name, perPod, target: whole, object, selector } = metric!;
    const average = type.endsWith('PerPod') ? perPod : type === 'Pods' ? whole : undefined;
    const target =
      average === undefined
        ? { type: 'Value', value: milli(whole) }
        : { type: 'AverageValue', averageValue: milli(average) };
    const own = { metric: { name, ...(selector && { selector }) }, target };
    if (type === 'Pods') return { type, pods: own };
    return type.startsWith('External')
      ? { type: 'External', external: own }
      : { type: 'Object', object: { ...own, describedObject: object! } };
  }

  const calculated = rows.filter((row) => !isPaced(row)) as Calculated[];
  test.each(calculated.map((row) => [row.test, row] as const))('%s', async (_, row) => {
    const { current, tolerance = { up: 0.1, down: 0.1 } } = row;
    const found = await measure(
      specOf(row),
      {
        ...{ place, selector: 'name=test-pod', pods: podsOf(row), tolerance, now },
        ...{ specReplicas: current, statusReplicas: current },
      },
      metricsOf(row),
    );
    if (row.error !== undefined) {
      expect(found).toMatchObject({ why: expect.stringContaining(row.error) });
      return;
    }
    expect(found).toMatchObject({ replicas: row.replicas });
    const usage = row.resource?.value ?? row.metric!.usage;
    const { averageValue, value, averageUtilization } = currentOf(found);
    expect(milliOf(averageValue ?? value)).toBe(inInt64(usage));
    if (row.resource) expect(averageUtilization).toBe(row.resource.utilization);
  });

  const currentOf = (found: Measured) => {
    const { status } = found as { status: MetricStatus };
    return (status.pods ?? status.object ?? status.external ?? status.resource ?? status.containerResource)!
      .current;
  };
  const most = 2n ** 63n - 1n;
  const inInt64 = (amount: number) => (BigInt(amount) > most ? most : BigInt(amount));
  /** Of the texts that occur here. */
  function milliOf(text: string | number | undefined): bigint {
    const [, digits = '', unit = ''] = /^(\d+)(m?)$/.exec(String(text)) ?? [];
    return BigInt(digits) * (unit === 'm' ? 1n : 1000n);
  }
});

describe('as the rules of Kubernetes', () => {
  const anySize = { min: 0, max: 1_000_000 };
  const anyPace = { policies: [{ type: 'Pods', value: 1_000_000, periodSeconds: 60 }] };

  /** Upstream's recommendations are moments; here one holds until the next, and what is recommended now says nothing new. */
  const historyOf = ({ recommended = [], up = [], down = [], desired }: Paced) => ({
    recommended: recommended
      .toSorted((a, b) => b.ago - a.ago)
      .flatMap(({ replicas, ago }) => [
        { at: at(ago), replicas },
        { at: at(ago) + 1, replicas: desired },
      ]),
    scaled: [
      ...up.map(({ by, ago }) => ({ at: at(ago), by })),
      ...down.map(({ by, ago }) => ({ at: at(ago), by: -by })),
    ],
  });

  const behaviorOf = ({ scaleUp, scaleDown, upSeconds, downSeconds, test: name }: Paced) => {
    if (scaleUp && scaleDown) return { scaleUp, scaleDown };
    if (!name.endsWith('WithBehavior')) return undefined;
    return {
      scaleUp: { ...anyPace, stabilizationWindowSeconds: upSeconds ?? 0 },
      scaleDown: { ...anyPace, stabilizationWindowSeconds: downSeconds ?? 0 },
    };
  };

  const paced = rows.filter(isPaced) as Paced[];
  test.each(paced.map((row) => [row.test, row.name, row] as const))('%s: %s', (_, __, row) => {
    const { current = 1000, desired, min = anySize.min, max = anySize.max } = row;
    const behavior = behaviorOf(row);
    const history = historyOf(row);
    const found = pace({ current, desired, min, max, history, now, ...(behavior && { behavior }) });
    expect(found.replicas).toBe(row.replicas);
    if (row.condition) expect(found.limited.reason).toBe(row.condition);
  });
});

test('all of both tables are there', () => {
  expect(rows.filter((row) => !isPaced(row)).length).toBeGreaterThan(70);
  for (const name of tables) expect(rows.some((row) => row.test === name)).toBe(true);
});
