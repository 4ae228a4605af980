import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Client } from '../../client/client.ts';
import type { Exchange } from '../../client/http.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  Pod,
  PodMetrics,
} from '../../kinds/schema/types.ts';
import type { EventFacts, ReconcileContext } from '../controller.ts';
import { horizontalPodAutoscalers, podMetrics, pods } from '../resources.ts';
import { withHistory } from './history.ts';
import { horizontalPodAutoscaler } from './index.ts';

/** A case of horizontal_test.go as tools/autoscaling wrote it down: what Kubernetes' controller saw and then did. */
interface Row {
  test: string;
  now: string;
  hpa: HorizontalPodAutoscaler;
  pods: Pod[];
  /** Autoscalers besides it, by what they follow. */
  others: { name: string; selector: string }[] | null;
  /** Absent: none yet, so that it begins with the size there is. */
  recommended?: { replicas: number; at: string }[];
  scale: { replicas: number; there: number; selector: string } | { error: string };
  metrics?: Answer[];
  /** Is what their test demands, beside what it was. */
  expected: number;
  /** Each size that it asked for. */
  resizes: number[];
  events: EventFacts[];
  /** Absent where nothing was written. */
  status?: HorizontalPodAutoscalerStatus;
  error?: string;
}
type Samples = Record<string, { value: number; at: string; seconds: number }>;
interface Answer {
  pods?: Samples;
  value?: number;
  values?: number[];
  error?: string;
}

const path = new URL('testdata/controller.jsonl.gz', import.meta.url);
const [head, ...rows] = gunzipSync(readFileSync(path))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as unknown) as [{ tests: string[] }, ...Row[]];

const inOtherTest = 'upstream.test.ts goes through its table';
/** Tests of theirs, or cases of one, that nothing is held against, and why. */
const left: Record<string, string> = {
  TestConvertDesiredReplicasWithRules: inOtherTest,
  TestNormalizeDesiredReplicas: inOtherTest,
  TestScalingWithRules: inOtherTest,
  TestNormalizeDesiredReplicasWithBehavior: inOtherTest,
  TestCalculateScaleUpLimitWithScalingRules: 'calls a function of theirs; TestScalingWithRules says the same',
  TestCalculateScaleDownLimitWithBehaviors: 'calls a function of theirs; TestScalingWithRules says the same',
  TestStoreScaleEvents: 'is of how they keep what they did in memory; ours keeps it with the object',
  TestMultipleHPAs: 'is of their queue and their monitor',
  TestBuildQuantity: 'calls a function of theirs; amounts.ts is held by each status here',
  'TestConfigurableTolerance/No_scaling_because_the_configurable_tolerance_is_ignored_as_the_feature_gate_is_disabled':
    'turns a gate off that Kubernetes 1.35 has on',
};

const key = { cluster: 'default', namespace: 'test-namespace', name: 'test-hpa' };

/** Cases where ours does something else, and why that is right here. */
const differs: Record<string, string> = {
  TestEmptyCPURequest:
    'has a metric of a Pod that is not there: ours asks for those of the Pods there are, and says that there is none',
};

const held = rows.filter(({ test: name }) => !left[name]);
test.each(held.filter(({ test: name }) => !differs[name]).map((row) => [row.test, row] as const))(
  '%s',
  async (_, row) => expect(await ours(row)).toEqual(theirs(row)),
);

test.each(Object.entries(differs))('%s: %s', async (name) => {
  for (const row of held.filter((each) => each.test === name))
    expect(await ours(row)).not.toEqual(theirs(row));
});

test('each of their tests is here, or left out for a reason', () => {
  const here = new Set(rows.map(({ test: name }) => name.replace(/\/.*/, '')));
  expect(head.tests.filter((name) => !here.has(name) && !left[name])).toEqual([]);
  const cases = new Set(rows.map((row) => row.test));
  const without = head.tests.filter((name) => !here.has(name));
  const known = [...without, ...cases];
  expect(Object.keys(left).filter((name) => !known.includes(name))).toEqual([]);
  expect(Object.keys(differs).filter((name) => !cases.has(name))).toEqual([]);
});

/** What theirs did, as far as ours has to do the same. */
const theirs = ({ resizes, events, status, hpa, expected }: Row) => ({
  // Ours patches, which the server does again by itself after a conflict.
  ...{ resizes: [...new Set(resizes)], events },
  status: { ...told(status ?? hpa.status), desiredReplicas: expected },
});

async function ours(row: Row) {
  const { status, ...done } = await reconciled(row);
  return { ...done, status: told(status) };
}

/** All of a status but when its conditions began. */
function told(status: HorizontalPodAutoscalerStatus | undefined) {
  const { conditions = [], currentMetrics, ...others } = status ?? {};
  const without = ({ lastTransitionTime: _, ...condition }: HorizontalPodAutoscalerCondition) => condition;
  return { ...others, currentMetrics: currentMetrics ?? [], conditions: conditions.map(without) };
}

/** Lets our controller look once at what theirs saw. */
async function reconciled(row: Row) {
  const now = Date.parse(row.now);
  const { events, resizes }: Pick<Row, 'events' | 'resizes'> = { events: [], resizes: [] };
  let { status } = row.hpa;
  const hpa = row.recommended
    ? withHistory(row.hpa, { recommended: endingAtOnce(row.recommended, now) })
    : row.hpa;
  const others = (row.others ?? []).map(({ name, selector }) =>
    withHistory({ metadata: { name, namespace: key.namespace } }, { selector }),
  );
  const { kind, apiVersion = '' } = hpa.spec!.scaleTargetRef;
  const lists = new Map<unknown, () => unknown>([
    [pods, () => row.pods],
    [podMetrics, () => podMetricsOf(row)],
    [horizontalPodAutoscalers, () => [hpa, ...others]],
  ]);
  const client: Partial<Client> = {
    get: async () => hpa as never,
    list: async (resource) => lists.get(resource)?.() as never,
    resources: async () => [
      { group: apiVersion.split('/').slice(0, -1).join(''), kind, plural: 'targets', verbs: [] } as never,
      { group: 'apps', kind: 'Deployment', plural: 'deployments', verbs: [] } as never,
    ],
    patch: async (_, __, ___, patch) => {
      const { spec } = patch as { spec?: { replicas: number } };
      if ('error' in row.scale) throw new Error(row.scale.error);
      const { replicas, there, selector } = row.scale;
      if (!spec) return { spec: { replicas }, status: { replicas: there, selector } } as never;
      resizes.push(spec.replicas);
      const refusal = /^failed to rescale .*?: (.*)$/.exec(row.error ?? '');
      if (refusal) throw new Error(refusal[1]);
      return {} as never;
    },
    updateStatus: async (_, object) => {
      status = (object as HorizontalPodAutoscaler).status;
      return object;
    },
  };
  const ctx = {
    client,
    clock: { now: () => now },
    cloud: { statistics: {} },
    env: { exchangeAs: () => exchangeOf(row) },
    events: (_: unknown, event: EventFacts) => void events.push(event),
  } as unknown as ReconcileContext;
  // It is tried again after a refusal, as theirs is.
  const again = await horizontalPodAutoscaler.reconcile(key, ctx).catch(() => undefined);
  expect(again === undefined).toBe(row.error?.startsWith('failed to rescale') ?? false);
  return { events, resizes, status };
}

/** Theirs are moments: here one holds until the next, and what holds in between asks for nothing. */
const endingAtOnce = (recommended: { replicas: number; at: string }[], now: number) => {
  const nothing = { at: now - 3_600_000, replicas: 0 };
  const all = recommended.flatMap(({ replicas, at }) => [
    { replicas, at: Date.parse(at) },
    { replicas: 0, at: Date.parse(at) + 1 },
  ]);
  return [nothing, ...all];
};

const answers = ({ hpa, metrics = [] }: Row): [MetricSpec, Answer][] =>
  (hpa.spec?.metrics ?? []).map((spec, i) => [spec, metrics[i] ?? {}]);

/** As metrics.k8s.io has them. */
function podMetricsOf(row: Row): PodMetrics[] {
  const own = answers(row).find(([spec]) => spec.resource ?? spec.containerResource);
  const [spec, { pods: samples = {}, error }] = own!;
  if (error && !error.startsWith('no metrics'))
    throw new Error(error.replace(/^unable to fetch .*? API: /, ''));
  const { name } = (spec.resource ?? spec.containerResource)!;
  return Object.entries(samples).map(([pod, { value, at, seconds }]) => ({
    metadata: { name: pod },
    ...{ timestamp: at, window: `${seconds}s` },
    containers: [{ name: spec.containerResource?.container ?? 'all', usage: { [name]: `${value}m` } }],
  }));
}

/** As custom.metrics.k8s.io and external.metrics.k8s.io answer. */
const exchangeOf =
  (row: Row): Exchange =>
  async ({ path: asked }) => {
    const body = (value: unknown) => ({ status: 200, body: new TextEncoder().encode(JSON.stringify(value)) });
    if (asked === '/apis/custom.metrics.k8s.io')
      return body({ preferredVersion: { version: 'v1beta2' }, versions: [{ version: 'v1beta2' }] });
    const type = asked.includes('/external.metrics')
      ? 'External'
      : asked.includes('/pods/*/')
        ? 'Pods'
        : 'Object';
    const [, answer] = answers(row).find(([spec]) => spec.type === type)!;
    const { pods: samples = {}, value, values = [], error = '' } = answer;
    if (error.endsWith('exactly one')) return body({ items: [] });
    if (error) throw new Error(error.replace(/^unable to fetch .*? API: /, ''));
    const ofPods = Object.entries(samples).map(([name, sample]) => ({
      describedObject: { name },
      ...{ value: `${sample.value}m`, timestamp: sample.at, windowSeconds: sample.seconds },
    }));
    const whole = [...values, ...(value === undefined ? [] : [value])];
    return body({ items: [...ofPods, ...whole.map((each) => ({ value: `${each}m` }))] });
  };
