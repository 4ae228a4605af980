import { expect, test } from '@jest/globals';
import { total } from '../../../aws/prices/month.ts';
import { statusOf } from '../awsStatus.ts';
import type { DeploymentState } from '../deployment.ts';
import { statusLines } from '../statusLines.ts';
import { type Figures, monthSoFar, readFigures } from './figures.ts';
import { signsOf } from './signs.ts';

interface Query {
  Id: string;
  MetricStat: {
    Metric: { MetricName: string; Dimensions: { Name: string; Value: string }[] };
    Stat: string;
  };
}
interface Asked {
  constructor: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: the input of whatever command is sent
  input: any;
}

/** CloudWatch that knows these figures, `NAME of DIMENSION`, newest first, and tells one a page. */
const cloudwatchOf = (known: Record<string, number[]>, asked: Asked['input'][] = []) => ({
  send: async ({ input }: Asked) => {
    asked.push(input);
    const at = Number(input.NextToken ?? 0);
    const told = (input.MetricDataQueries as Query[]).flatMap(({ Id, MetricStat: { Metric } }) => {
      const of = Metric.Dimensions.map(({ Value }) => Value).join(' ');
      const Values = known[`${Metric.MetricName} of ${of}`];
      return Values ? [{ Id, Values }] : [{ Id, Values: [] }];
    });
    return { MetricDataResults: [told[at]], NextToken: told[at + 1] && String(at + 1) };
  },
});
const ecs = { send: async () => ({ clusters: [{ runningTasksCount: 12, pendingTasksCount: 1 }] }) };
const quota = (Value: number, Class: string) => ({
  Quota: {
    Value,
    UsageMetric: {
      MetricNamespace: 'AWS/Usage',
      MetricName: 'ResourceCount',
      MetricDimensions: { Class },
    },
  },
});
const serviceQuotas = {
  send: async ({ input: { QuotaCode } }: Asked) =>
    ({
      'L-3032A538': quota(6, 'Standard/OnDemand'),
      'L-36FBB829': quota(6, 'Standard/Spot'),
      'L-B99A9384': { Quota: { Value: 1_000 } },
    })[QuotaCode as string],
};
const now = Date.parse('2026-11-30T12:30:00Z');
const read = (known: Record<string, number[]>, more: object = {}) =>
  readFigures({
    name: 'dev',
    now,
    cloudwatch: cloudwatchOf(known),
    ecs,
    serviceQuotas,
    ...more,
  } as Parameters<typeof readFigures>[0]);

const own = { onDemand: 0.5, spot: 0 };
const stateOf = (figures: Figures, name: string) =>
  signsOf('dev', figures, own).find((each) => each.name === name);

test('a deployment in which nothing moves is good, and says so of each thing', async () => {
  const signs = signsOf('dev', await read({}), own);
  expect(signs.map(({ name, state, says }) => [name, state, says])).toEqual([
    ['changes', 'good', 'none came through the stream in a quarter of an hour'],
    ['work', 'good', 'nothing waits'],
    ['set aside', 'good', 'nothing'],
    ['dead events', 'good', 'none'],
    ['throttles', 'good', 'none'],
    ['failures', 'good', 'none'],
    ['tasks', 'good', '12 running, 1 starting'],
    ['vCPU on demand', 'good', '0.5 of 6 vCPU that the account may have, counting this deployment alone'],
    ['vCPU on Spot', 'good', '0 of 6 vCPU that the account may have, counting this deployment alone'],
    ['executions', 'good', '1000 functions at the same time may be; nothing counts what is'],
  ]);
});

test.each<[string, Record<string, number[]>, string, string]>([
  [
    'changes',
    { 'IteratorAge of shallop-dev-dispatch': [1_000, 400_000] },
    'the oldest waited 7 min in the stream',
    'docs/aws-alarms.md#changes-wait-in-the-stream',
  ],
  [
    'work',
    {
      'ApproximateNumberOfMessagesVisible of shallop-dev-work': [7],
      'ApproximateAgeOfOldestMessage of shallop-dev-work': [900],
    },
    '7 keys wait, the oldest 15 min',
    'docs/aws-alarms.md#work-waits',
  ],
  [
    'set aside',
    { 'ApproximateNumberOfMessagesVisible of shallop-dev-failed': [2, 0] },
    '2 in shallop-dev-failed',
    'docs/aws-redrive.md',
  ],
  [
    'dead events',
    { 'ApproximateNumberOfMessagesVisible of shallop-dev-event-dead-letters': [1] },
    '1 in shallop-dev-event-dead-letters',
    'docs/aws-alarms.md#events-were-not-taken',
  ],
  [
    'throttles',
    { 'Throttles of shallop-dev-api': [4, 4], 'Throttles of shallop-dev-route': [3] },
    'in a quarter of an hour: api 8, route 3',
    'docs/aws-alarms.md#functions-are-throttled',
  ],
  [
    'throttles',
    { 'WriteThrottleEvents of shallop-dev': [40] },
    'in a quarter of an hour: the table 40',
    'docs/aws-alarms.md#writes-do-not-end',
  ],
  [
    'failures',
    { 'Errors of shallop-dev-resync': [1, 1, 1] },
    'in a quarter of an hour: resync 3',
    'docs/aws-alarms.md#functions-fail',
  ],
  [
    'vCPU on demand',
    { 'ResourceCount of Standard/OnDemand': [5.5, 1] },
    '5.5 of 6 vCPU that the account may have',
    'Fargate On-Demand vCPU resource count',
  ],
  [
    'executions',
    { 'ConcurrentExecutions of ': [10, 850] },
    '850 of 1000 functions at the same time that the account may have',
    'Concurrent executions',
  ],
])('%s is bad with %j, and says what to do', async (name, known, says, remedy) => {
  const sign = stateOf(await read(known), name);
  expect(sign).toMatchObject({ state: 'bad', says, remedy: expect.stringContaining(remedy) });
});

test.each<[string, Record<string, number[]>]>([
  ['set aside', { 'ApproximateNumberOfMessagesVisible of shallop-dev-failed': [0, 5] }],
  ['changes', { 'IteratorAge of shallop-dev-dispatch': [299_999] }],
  ['throttles', { 'Throttles of shallop-dev-api': [9] }],
  ['work', { 'ApproximateNumberOfMessagesVisible of shallop-dev-work': [4_000] }],
])('%s is good with %j: what was is over, or is ordinary', async (name, known) => {
  expect(stateOf(await read(known), name)?.state).toBe('good');
});

test('what one service refuses is not known, and all others are told', async () => {
  const refuses = {
    send: async () => {
      throw new Error('not authorized to perform: cloudwatch:GetMetricData');
    },
  };
  const figures = await read({}, { cloudwatch: refuses });
  expect(stateOf(figures, 'changes')).toMatchObject({
    state: 'unknown',
    says: 'not known: not authorized to perform: cloudwatch:GetMetricData',
    remedy: expect.stringContaining('docs/aws.md#how-it-is'),
  });
  expect(stateOf(figures, 'tasks')).toMatchObject({ state: 'good' });
  const lines = statusLines(target, statusOf('dev', state, figures)).join('\n');
  expect(lines.match(/docs\/aws\.md#how-it-is/g)).toHaveLength(1);
  expect(lines).toContain('use               not known');
});

test('figures are of the restored table and of a quarter of an hour, and use is that of the month', async () => {
  const asked: Asked['input'][] = [];
  await read({}, { cloudwatch: cloudwatchOf({}, asked), table: 'shallop-dev-before' });
  const tables = asked.flatMap(({ MetricDataQueries }) =>
    (MetricDataQueries as Query[]).flatMap(({ MetricStat: { Metric } }) =>
      Metric.Dimensions.filter(({ Name }) => Name === 'TableName').map(({ Value }) => Value),
    ),
  );
  expect(new Set(tables)).toEqual(new Set(['shallop-dev-before']));
  const starts = new Set(asked.map(({ StartTime }) => (StartTime as Date).toISOString()));
  expect(starts).toEqual(new Set(['2026-11-30T12:15:00.000Z', '2026-11-01T00:00:00.000Z']));
});

test('on the first of a month its use is that of the day before', () => {
  const first = Date.parse('2026-12-01T03:20:00Z');
  expect(new Date(monthSoFar(first).startMs).toISOString()).toBe('2026-11-30T03:00:00.000Z');
  expect(new Date(monthSoFar(now).startMs).toISOString()).toBe('2026-11-01T00:00:00.000Z');
});

test.each([
  ['2026-11-28T12:30:00.000Z', '2026-11-28T12:00:00.000Z', 48],
  ['2026-11-30T11:00:00.000Z', '2026-11-30T11:00:00.000Z', 1.5],
  ['2026-11-30T12:29:00.000Z', '2026-11-30T11:00:00.000Z', 1],
  ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 29 * 24 + 12.5],
])('use of a deployment made at %s is asked for from %s on, and is that of %f hours', async (...line) => {
  const [since, from, hours] = line;
  const asked: Asked['input'][] = [];
  const figures = await read({}, { cloudwatch: cloudwatchOf({}, asked), since });
  expect(asked.map(({ StartTime }) => (StartTime as Date).toISOString())).toContain(from);
  expect(figures.usage).toMatchObject({ value: { duringMs: hours * 3_600_000 } });
});

test.each([
  ['2026-11-28T12:30:00.000Z', 'in the last 2.0 days;'],
  ['2026-11-30T11:00:00.000Z', 'in the last 1.5 hours;'],
])('use of a deployment made at %s is told as %s', async (since, words) => {
  const lines = statusLines(target, statusOf('dev', state, await read({}, { since })));
  expect(lines.filter((line) => line.includes(words))).toHaveLength(1);
});

const target = {
  name: 'dev',
  region: 'us-east-1',
  endpoint: 'https://e/k8s',
  clusterId: 'c',
  nat: 'none' as const,
};
const state: DeploymentState = {
  versions: { command: '0.1.0' },
  pods: { running: 0, waiting: 0, spot: 0, cpu: 0, spotCpu: 0, gigabytes: 0 },
  loadBalancers: 0,
  month: { tasks: 0, addresses: 0, nat: 0, loadBalancers: 0, controlPlane: 2.33 },
};

test('what was used is priced by what it is made of, at the rate of the month so far', async () => {
  const figures = await read(
    {
      'Count of shallop-dev': [1_000_000, 500_000],
      'Invocations of shallop-dev-api': [1_500_000],
      // 512 MB by default, here 1,024; the route has 128.
      'Duration of shallop-dev-api': [3_600_000],
      'Duration of shallop-dev-route': [8_000],
      'ConsumedReadCapacityUnits of shallop-dev': [2_000_000],
      'ConsumedWriteCapacityUnits of shallop-dev': [1_000_000],
      'NumberOfEmptyReceives of shallop-dev-work': [600_000],
      'IncomingBytes of /shallop/dev/pods': [2e9],
      'IncomingBytes of /aws/lambda/shallop-dev-api': [1e9],
    },
    { apiMemory: 1_024 },
  );
  const status = statusOf('dev', state, figures);
  if ('why' in status.use) throw new Error(status.use.why);
  const days = 29 + 12.5 / 24;
  const times = 730 / (days * 24);
  expect(status.use.days).toBeCloseTo(days, 6);
  expect(status.use.used.functionGbSeconds).toBeCloseTo(3_601, 6);
  expect(status.use.month.gateway).toBeCloseTo(times * 5.25, 4);
  expect(status.use.month.functions).toBeCloseTo(times * (0.3 + 3_601 * 0.0000133334), 4);
  expect(status.use.month.table).toBeCloseTo(times * (0.25 + 0.625), 4);
  expect(status.use.month.queue).toBeCloseTo(times * 0.24, 4);
  expect(status.use.month.logs).toBeCloseTo(times * 1.5, 4);
  const used = Object.values(status.use.month).reduce((sum, each) => sum + each, 0);
  // What rest takes of it is in the price of rest already.
  expect(total(status.month)).toBeCloseTo(2.33 + used - 0.4, 4);
  const lines = statusLines(target, status);
  expect(lines).toContain(
    `    requests        $${status.use.month.gateway.toFixed(2)} for the gateway's 1,500,000`,
  );
  expect(lines).toContain('health        good');
});
