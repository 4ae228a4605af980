import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { createFakeMetrics } from '../../fake/metrics.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
  Pod,
} from '../../kinds/schema/types.ts';
import { absent } from './absent.ts';
import { quantityOf } from './amounts.ts';
import { historyAnnotation, historyOf, withHistory } from './history.ts';
import { type Measured, measure, type Target } from './measure.ts';
import { pace } from './pace.ts';
import { plan } from './plan.ts';

const clock = new ManualClock();
const now = clock.now();
const place = { cluster: 'default', namespace: 'ns' };
const long = new Date(now - 3600_000).toISOString();

const podOf = (name: string, is: 'ready' | 'unready' | 'pending' = 'ready', cpu = '1'): Pod => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] },
  status: {
    phase: is === 'pending' ? 'Pending' : 'Running',
    startTime: is === 'ready' ? long : new Date(now - 10_000).toISOString(),
    conditions: [{ type: 'Ready', status: is === 'ready' ? 'True' : 'False', lastTransitionTime: long }],
  },
});
const cpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** Each level is what a Pod uses, in thousandths; `-` for one that nothing is known of. */
async function replicasFor(
  spec: MetricSpec,
  levels: (number | '-')[],
  more: Partial<Target> & { metric?: string; container?: string } = {},
): Promise<Measured> {
  const metrics = createFakeMetrics(clock);
  const pods = more.pods ?? levels.map((_, i) => podOf(`p${i}`));
  const { metric = 'cpu', container, ...rest } = more;
  levels.forEach((value, i) => {
    if (value !== '-') metrics.setPod(place, `p${i}`, metric, value, container);
  });
  metrics.setObject(place, 'Service', 's', 'hits', 50_000);
  metrics.setExternal(place, 'queue', [8000, 600]);
  const count = pods.length;
  const tolerance = { up: 0.1, down: 0.1 };
  const size = { specReplicas: count, statusReplicas: count };
  const target = { place, selector: 'app=web', pods, ...size, tolerance, now, ...rest };
  return measure(spec, target, metrics);
}

/** From replica_calculator_test.go. */
describe('CPU of three Pods that ask for one', () => {
  test.each<{ why: string; target: number; levels: (number | '-')[]; wanted: number; pods?: Pod[] }>([
    { why: 'grows', target: 30, levels: [300, 500, 700], wanted: 5 },
    { why: 'shrinks', target: 50, levels: [100, 300, 500, 250, 250], wanted: 3 },
    { why: 'is within the tolerance', target: 100, levels: [1010, 1030, 1020], wanted: 3 },
    { why: 'grows less for Pods that are not known', target: 30, levels: [300, 500, '-'], wanted: 3 },
    { why: 'does not shrink for Pods that are not known', target: 50, levels: [100, '-'], wanted: 2 },
    {
      why: 'counts Pods that are starting as idle',
      target: 30,
      levels: [300, 500, 700],
      pods: [podOf('p0', 'unready'), podOf('p1'), podOf('p2')],
      wanted: 4,
    },
    {
      why: 'ignores what starting Pods use',
      target: 50,
      levels: [500, 9000],
      pods: [podOf('p0'), podOf('p1', 'pending')],
      wanted: 2,
    },
  ])('$why', async ({ target, levels, wanted, pods }) => {
    expect(await replicasFor(cpu(target), levels, pods && { pods })).toMatchObject({ replicas: wanted });
  });
});

test.each<{ spec: MetricSpec; wanted: object; metric?: string; container?: string; levels?: number[] }>([
  {
    spec: {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '250m' } },
    },
    wanted: { replicas: 6, metric: 'cpu resource' },
  },
  {
    spec: {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'c',
        target: { type: 'Utilization', averageUtilization: 25 },
      },
    },
    container: 'c',
    wanted: { replicas: 6, metric: 'cpu container resource utilization (percentage of request)' },
  },
  {
    spec: {
      type: 'Pods',
      pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1' } },
    },
    metric: 'qps',
    levels: [2000, 1000, 3000],
    wanted: { replicas: 6, status: { pods: { current: { averageValue: '2' } } } },
  },
  {
    spec: {
      type: 'Object',
      object: {
        describedObject: { kind: 'Service', name: 's' },
        metric: { name: 'hits' },
        target: { type: 'Value', value: '25' },
      },
    },
    wanted: { replicas: 6, metric: 'Service metric hits', status: { object: { current: { value: '50' } } } },
  },
  {
    spec: {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'Value', value: '4300m' } },
    },
    wanted: { replicas: 6, status: { external: { current: { value: '8600m' } } } },
  },
  {
    spec: {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '2150m' } },
    },
    wanted: { replicas: 4, status: { external: { current: { averageValue: '2867m' } } } },
  },
])('a metric of type $spec.type', async ({ spec, wanted, levels = [500, 500, 500], ...more }) => {
  expect(await replicasFor(spec, levels, more)).toMatchObject(wanted);
});

test.each([
  { levels: [], pods: [], why: /no pods returned by selector|no metrics known/ },
  {
    levels: [100],
    pods: [{ ...podOf('p0'), spec: { containers: [{ name: 'c' }] } }],
    why: /missing request for cpu in container c of Pod p0/,
  },
])('what cannot be reckoned says why: $why', async ({ levels, pods, why }) => {
  const found = await replicasFor(cpu(50), levels, { pods });
  expect(found).toMatchObject({ reason: 'FailedGetResourceMetric', why: expect.stringMatching(why) });
});

test('without anything that measures, it says so in the words of a server without metrics', async () => {
  const target = {
    place,
    selector: 'app=web',
    pods: [podOf('p0')],
    specReplicas: 1,
    statusReplicas: 1,
    tolerance: { up: 0.1, down: 0.1 },
    now,
  };
  const measured = await measure(cpu(50), target, { ...createFakeMetrics(clock), ...absent });
  const { status, events, rescale } = plan(hpaOf(), 1, [measured], now);
  expect(rescale).toBeUndefined();
  expect(status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'ScalingActive',
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message:
        'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    }),
  );
  expect(events.map(({ reason }) => reason)).toEqual([
    'FailedGetResourceMetric',
    'FailedComputeMetricsReplicas',
  ]);
});

describe('what is said of a metric that others do not tell', () => {
  const metric = { name: 'hits', selector: { matchLabels: { b: '2', a: '1' } } };
  const describedObject = { kind: 'Service', name: 'none' };
  const go =
    '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{},}';
  const why = 'no such metric';
  const value = { type: 'Value', value: '1' };
  const average = { type: 'AverageValue', averageValue: '1' };
  const object = `unable to get metric hits: Service on ns none/${why}`;
  const external = `unable to get external metric ns/hits/${go}: ${why}`;
  test.each<{ spec: MetricSpec; why: string; message: string }>([
    {
      spec: { type: 'Pods', pods: { metric, target: average } },
      why: 'unable to get metric hits: no metrics known for pods',
      message: 'failed to get pods metric value: unable to get metric hits: no metrics known for pods',
    },
    {
      spec: { type: 'Object', object: { metric, describedObject, target: value } },
      why: object,
      message: `failed to get object metric value: ${object}`,
    },
    {
      spec: { type: 'Object', object: { metric, describedObject, target: average } },
      why: object,
      message: `failed to get object metric value: failed to get hits object metric: ${object}`,
    },
    {
      spec: { type: 'External', external: { metric, target: value } },
      why: external,
      message: `failed to get hits external metric value: failed to get external metric hits: ${external}`,
    },
    {
      spec: { type: 'External', external: { metric, target: average } },
      why: external,
      message: `failed to get hits external metric value: failed to get hits external metric: ${external}`,
    },
  ])('$spec.type: $message', async ({ spec, why, message }) => {
    const reason = `FailedGet${spec.type}Metric`;
    expect(await replicasFor(spec, [])).toEqual({ reason, why, message });
  });
});

const hpaOf = (
  spec: Partial<HorizontalPodAutoscalerSpec> = {},
  history?: object,
): HorizontalPodAutoscaler => ({
  metadata: { name: 'h', ...(history && { annotations: { [historyAnnotation]: JSON.stringify(history) } }) },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' }, minReplicas: 1, maxReplicas: 10, ...spec },
});
const wants = (replicas: number): Measured => ({ replicas, metric: 'm', status: { type: 'Resource' } });
const broken: Measured = { reason: 'FailedGetPodsMetric', why: 'w', message: 'm' };

describe('the next size', () => {
  test.each([
    { why: 'scaling is switched off', current: 0, measured: undefined, to: undefined },
    { why: 'above the most', current: 12, measured: undefined, to: 10 },
    { why: 'below the fewest', current: 1, spec: { minReplicas: 3 }, measured: undefined, to: 3 },
    { why: 'the most that any metric asks for', current: 3, measured: [wants(4), wants(5), wants(2)], to: 5 },
    { why: 'no more than twice as many', current: 3, measured: [wants(9)], to: 6 },
    { why: 'a broken metric does not keep it from growing', current: 3, measured: [broken, wants(4)], to: 4 },
    {
      why: 'a broken metric keeps it from shrinking',
      current: 3,
      measured: [broken, wants(2)],
      to: undefined,
    },
    { why: 'as it is', current: 3, measured: [wants(3)], to: undefined },
  ])('$why', ({ current, measured, to, spec }) => {
    expect(plan(hpaOf(spec), current, measured, now).rescale?.replicas).toBe(to);
  });

  test('does not go below what was asked for in the last five minutes', () => {
    const at = (secondsAgo: number, replicas: number) => ({ at: now - secondsAgo * 1000, replicas });
    const held = { recommended: [at(900, 7), at(200, 4)], scaled: [] };
    const { rescale, status } = plan(hpaOf({}, held), 7, [wants(2)], now);
    expect(rescale).toBeUndefined();
    expect(status.conditions).toContainEqual(expect.objectContaining({ reason: 'ScaleDownStabilized' }));
    const over = { recommended: [at(900, 7), at(400, 4)], scaled: [] };
    expect(plan(hpaOf({}, over), 7, [wants(2)], now).rescale?.replicas).toBe(4);
  });

  test('what was recommended and done is kept; the same again changes nothing', () => {
    const first = plan(hpaOf(), 3, [wants(4)], now);
    expect(first.history).toEqual({
      recommended: [
        { at: now, replicas: 3 },
        { at: now, replicas: 4 },
      ],
      scaled: [{ at: now, by: 1 }],
    });
    expect(plan(hpaOf({}, first.history), 4, [wants(4)], now + 15_000).history).toEqual(first.history);
  });

  test('it is kept where Terraform and others look for no change of a user; what was kept elsewhere moves there', () => {
    expect(new URL(`//${historyAnnotation}`, 'http://x').hostname).toMatch(/\.kubernetes\.io$/);
    const held = { recommended: [{ at: now, replicas: 5 }], scaled: [] };
    const before = hpaOf();
    before.metadata.annotations = { mine: 'too', 'autoscaling.shallop.dev/history': JSON.stringify(held) };
    expect(historyOf(before, 1, now)).toEqual(held);
    const { annotations } = withHistory(before, {}).metadata;
    expect(annotations).toEqual({ mine: 'too', [historyAnnotation]: JSON.stringify(held) });
  });
});

describe('behaviour', () => {
  const policies = (...list: [string, number, number][]) =>
    list.map(([type, value, periodSeconds]) => ({ type, value, periodSeconds }));
  test.each([
    {
      why: 'so many Pods',
      rules: { policies: policies(['Pods', 2, 60]) },
      desired: 10,
      to: 5,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'after what was done',
      rules: { policies: policies(['Pods', 3, 60]) },
      desired: 10,
      to: 5,
      by: 1,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'a part, rounded up',
      rules: { policies: policies(['Percent', 10, 60]) },
      desired: 10,
      to: 4,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'the most of several',
      rules: { policies: policies(['Pods', 1, 60], ['Percent', 100, 60]) },
      desired: 10,
      to: 6,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'the least of several',
      rules: { selectPolicy: 'Min', policies: policies(['Pods', 1, 60], ['Percent', 100, 60]) },
      desired: 10,
      to: 4,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'not at all',
      rules: { selectPolicy: 'Disabled', policies: policies(['Pods', 1, 60]) },
      desired: 10,
      to: 3,
      limited: 'ScaleUpLimit',
    },
    {
      why: 'no more than the most',
      rules: { policies: policies(['Percent', 900, 60]) },
      desired: 20,
      to: 12,
      limited: 'TooManyReplicas',
    },
  ])('up: $why', ({ rules, desired, to, by = 0, limited }) => {
    const history = { recommended: [{ at: now, replicas: 3 }], scaled: [{ at: now - 1000, by }] };
    const behavior = { scaleUp: { stabilizationWindowSeconds: 0, ...rules } };
    const paced = pace({ current: 3, desired, min: 1, max: 12, behavior, history, now });
    expect([paced.replicas, paced.limited.reason]).toEqual([to, limited]);
  });

  test.each([
    { why: 'so many Pods', rules: { policies: policies(['Pods', 2, 60]) }, to: 8 },
    { why: 'a part, rounded', rules: { policies: policies(['Percent', 25, 60]) }, to: 7 },
    {
      why: 'the most of several',
      rules: { policies: policies(['Pods', 1, 60], ['Percent', 50, 60]) },
      to: 5,
    },
    { why: 'not at all', rules: { selectPolicy: 'Disabled', policies: [] }, to: 10 },
  ])('down: $why', ({ rules, to }) => {
    const history = { recommended: [{ at: now, replicas: 1 }], scaled: [] };
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0, ...rules } };
    expect(pace({ current: 10, desired: 1, min: 1, max: 12, behavior, history, now }).replicas).toBe(to);
  });
});

test.each([
  [1500, '', '1500m'],
  [2000, '', '2'],
  [12_000_000, '', '12k'],
  [1_200_000, '', '1200'],
  [2 ** 63, '', '9223372036854775807m'],
  [1024 ** 3 * 1000, 'memory', '1Gi'],
  [0, 'memory', '0'],
])('%s thousandths of %s are written %s', (value, resource, text) =>
  expect(quantityOf(value, resource)).toBe(text),
);
