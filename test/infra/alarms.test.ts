import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { alarmPage } from '../../infra/constructs/alarms.ts';
import { functionMetrics } from '../../src/aws/names.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

const alarmTopicArn = 'arn:aws:sns:us-east-1:111111111111:alarms';
const heard = synthesise({ alarmTopicArn, concurrency: '100' });
/** With all that may ring. */
const whole = synthesise({
  alarmTopicArn,
  concurrency: '1000',
  scaleToZero: 'true',
  eventRules: 'test/support/aws/eventRules.yaml',
});
const ofType = (template: ReturnType<typeof synthesise>, type: string) =>
  resourcesOf(template).flatMap(([, { Type, Properties }]) => (Type === `AWS::${type}` ? [Properties] : []));
const alarms = ofType(heard, 'CloudWatch::Alarm');

const page = readFileSync(join(alarmPage), 'utf8');
const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, text]) =>
  text!.toLowerCase().replaceAll(' ', '-'),
);

test('D15: each alarm has its section, which says what to do, and each section its alarm', () => {
  const sections = ofType(whole, 'CloudWatch::Alarm').map(
    ({ AlarmDescription }) => /docs\/aws-alarms\.md#(\S+)$/.exec(String(AlarmDescription))?.[1],
  );
  expect(sections.toSorted()).toEqual(headings.filter((each) => each !== 'where-to-look').toSorted());
});

test('D15: links of the page lead to sections that are there', () => {
  const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor!);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});

test('D15: there are as many alarms as an account has for nothing, and without a topic only four', () => {
  expect(alarms).toHaveLength(10);
  expect(ofType(synthesise(), 'CloudWatch::Alarm')).toHaveLength(4);
});

test('the queue of dead events rings with and without a topic, as nothing else tells of it', () => {
  const { AlarmActions: _, ...found } = ofType(whole, 'CloudWatch::Alarm').find(({ AlarmDescription }) =>
    String(AlarmDescription).includes('event-dead-letters'),
  )!;
  expect(found).toMatchObject({
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Namespace: 'AWS/SQS',
    Threshold: 1,
    Dimensions: [
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetters/), 'QueueName'] } },
    ],
  });
  const quiet = synthesise({ eventRules: 'test/support/aws/eventRules.yaml' });
  expect(ofType(quiet, 'CloudWatch::Alarm')).toContainEqual(expect.objectContaining(found));
});

test('the activator rings for requests that waited in vain, that it failed at and that it was not begun for', () => {
  const [found] = ofType(whole, 'CloudWatch::Alarm').filter(({ Metrics }) => Metrics);
  expect(found).toMatchObject({ Threshold: 5, AlarmActions: [alarmTopicArn] });
  const metrics = found!.Metrics as {
    MetricStat?: { Metric: { MetricName: string } };
    Expression?: string;
  }[];
  expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []).toSorted()).toEqual([
    'Errors',
    'RequestsUnanswered',
    'Throttles',
  ]);
  const [{ Expression } = {}] = metrics.filter((each) => each.Expression);
  expect(Expression).toBe('FILL(waited, 0) + FILL(failed, 0) + FILL(throttled, 0)');
  const functions = JSON.stringify(metrics).match(/"Ref":"ScaleToZeroActivator/g);
  expect(functions).toHaveLength(2);
});

const service = [{ Name: functionMetrics.dimension, Value: 'shallop-dev' }];
const dispatch = [
  { Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^DispatchFunction|^Dispatch/) } },
];
test.each([
  ['IteratorAge', 'AWS/Lambda', dispatch, 300_000],
  ['FunctionFailures', 'shallop', service, 3],
  ['Throttles', 'AWS/Lambda', undefined, 10],
  ['ConcurrentExecutions', 'AWS/Lambda', undefined, 80],
  ['EcsRefusals', 'shallop', service, 10],
  ['PodsNotStarting', 'shallop', service, 5],
])('D15: %s rings', (MetricName, Namespace, Dimensions, Threshold) => {
  const [found, ...others] = alarms.filter((each) => each.MetricName === MetricName);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ Namespace, Threshold, AlarmActions: [alarmTopicArn] });
  expect(found!.Dimensions).toEqual(Dimensions);
});

test('D15: a page of CloudWatch shows each function and each metric of their own, where somebody looks', () => {
  const [{ DashboardBody } = {}] = ofType(heard, 'CloudWatch::Dashboard');
  const body = JSON.stringify(DashboardBody);
  for (const text of [
    ...functionMetrics.names,
    'IteratorAge',
    'ConcurrentExecutions',
    'reconcile-pods',
    'resync',
  ])
    expect(body).toContain(text);
  const [{ DashboardBody: wholeBody } = {}] = ofType(whole, 'CloudWatch::Dashboard');
  for (const title of ['Requests that wait for Pods', 'The longest wait, ms', 'Events that were not taken']) {
    expect(JSON.stringify(wholeBody)).toContain(title);
    expect(body).not.toContain(title);
  }
  expect(ofType(synthesise(), 'CloudWatch::Dashboard')).toEqual([]);
  expect(ofType(synthesise({ alarmTopicArn, dashboard: 'false' }), 'CloudWatch::Dashboard')).toEqual([]);
  expect(ofType(synthesise({ dashboard: 'true' }), 'CloudWatch::Dashboard')).toHaveLength(1);
});

test('D15: with -c tracing every function and the gateway send traces, and may', () => {
  const traced = synthesise({ tracing: 'true' });
  for (const { TracingConfig } of ofType(traced, 'Lambda::Function'))
    expect(TracingConfig).toEqual({ Mode: 'Active' });
  traced.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: true });
  const functions = ofType(traced, 'Lambda::Function').length;
  expect(JSON.stringify(traced.toJSON()).match(/xray:PutTraceSegments/g)).toHaveLength(functions);
  expect(ofType(synthesise(), 'Lambda::Function').filter(({ TracingConfig }) => TracingConfig)).toEqual([]);
});
