import { expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { seededIds } from '../../shared/clock/seededIds.ts';
import { type Logger, silentLogger } from '../../shared/observability/logger.ts';
import { invoke } from '../drivers/functions/index.ts';
import { functionName, groupAttribute, mostTries, reconcilerOf } from '../names.ts';
import { routeMessages } from './route.ts';

const message = (messageId: string, group?: string, more: Partial<SQSRecord> = {}) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: '{}',
  attributes: { ApproximateReceiveCount: '3' },
  messageAttributes: group ? { [groupAttribute]: { dataType: 'String', stringValue: group } } : {},
  ...more,
});
const taskEvent = { body: '{"source":"aws.ecs","detail-type":"ECS Task State Change"}' };

/** Describes what a function answers, as the SDK has it: by the group. Without one, that all is well. */
type Answers = Record<string, () => { Payload?: string; FunctionError?: string }>;
const answering = (value: unknown) => () => ({ Payload: JSON.stringify(value) });
const failing = (...ids: string[]) =>
  answering({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

function opened(
  answers: Answers = {},
  hide = async (_: string, __: number) => {},
  log: Logger = silentLogger,
) {
  const worked: Record<string, string[]> = {};
  const send = async ({ input }: { input: { FunctionName: string; Payload: string } }) => {
    const group = input.FunctionName.replace('shallop-dev-reconcile-', '');
    const { Records } = JSON.parse(input.Payload) as SQSEvent;
    worked[group] = Records.map(({ messageId }) => messageId);
    const { Payload, ...answer } = (answers[group] ?? failing())();
    return { ...answer, ...(Payload !== undefined && { Payload: Buffer.from(Payload) }) };
  };
  const handler = routeMessages({
    work: (group, event) => invoke({ send: send as never }, functionName('dev', reconcilerOf(group)), event),
    queue: { hide },
    ids: seededIds(),
    log,
  });
  return { worked, route: (...records: object[]) => handler({ Records: records } as SQSEvent) };
}

const throttled = () => {
  throw Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException' });
};
const timedOut = () => {
  throw Object.assign(new Error('timeout'), { name: 'TimeoutError' });
};
const mixed = [
  message('w1', 'workloads'),
  message('p1', 'pods'),
  message('w2', 'workloads'),
  message('p2', 'pods'),
];

test.each<{ why: string; answers: Answers; failed: string[] }>([
  { why: 'all is well', answers: {}, failed: [] },
  { why: 'a message of a group fails', answers: { pods: failing('p2') }, failed: ['p2'] },
  {
    why: 'messages of both fail',
    answers: { pods: failing('p1'), workloads: failing('w2') },
    failed: ['p1', 'w2'],
  },
  {
    why: 'a function ends with an error',
    answers: {
      workloads: () => ({ FunctionError: 'Unhandled', Payload: '{"errorMessage":"out of memory"}' }),
    },
    failed: ['w1', 'w2'],
  },
  { why: 'a function is throttled', answers: { pods: throttled }, failed: ['p1', 'p2'] },
  { why: 'a function does not answer in time', answers: { pods: timedOut }, failed: ['p1', 'p2'] },
  { why: 'an answer is no JSON', answers: { pods: () => ({ Payload: '<' }) }, failed: ['p1', 'p2'] },
  { why: 'there is no answer', answers: { pods: () => ({}) }, failed: ['p1', 'p2'] },
  { why: 'an answer is null', answers: { pods: answering(null) }, failed: ['p1', 'p2'] },
  { why: 'an answer is another', answers: { pods: answering({ statusCode: 200 }) }, failed: ['p1', 'p2'] },
  {
    why: 'failures are unreadable',
    answers: { pods: answering({ batchItemFailures: [null] }) },
    failed: ['p1', 'p2'],
  },
  { why: 'an answer is about others', answers: { pods: failing('p1', 'w1') }, failed: ['p1', 'p2'] },
])('$why: $failed come again, and each group got its own', async ({ answers, failed }) => {
  const hidden: string[] = [];
  const { route, worked } = opened(answers, async (handle) => void hidden.push(handle));
  const { batchItemFailures } = await route(...mixed);
  const ids = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  expect(ids.sort()).toEqual(failed);
  expect(hidden.sort()).toEqual(failed.map((id) => `handle of ${id}`));
  expect(worked).toEqual({ workloads: ['w1', 'w2'], pods: ['p1', 'p2'] });
});

test.each([
  { why: 'a group', record: message('m', 'services'), group: 'services' },
  {
    why: 'an event of ECS, which has no attribute',
    record: message('m', undefined, taskEvent),
    group: 'pods',
  },
])('$why is for $group', async ({ record, group }) => {
  const { route, worked } = opened();
  expect(await route(record)).toEqual({ batchItemFailures: [] });
  expect(worked).toEqual({ [group]: ['m'] });
});

test('what ECS tells comes again sooner than what the stream does', async () => {
  const hidden: [string, number][] = [];
  const { route } = opened(
    { pods: failing('event', 'change') },
    async (handle, s) => void hidden.push([handle, s]),
  );
  await route(message('event', undefined, taskEvent), message('change', 'pods'));
  const secondsOf = new Map(hidden);
  expect(secondsOf.get('handle of event')).toBeLessThan(secondsOf.get('handle of change')!);
});

test.each([
  ['an unknown group', message('m', 'toString')],
  ['nothing that says whom it is for', message('m')],
  ['another event', message('m', undefined, { body: '{"detail-type":"ECS Service Action"}' })],
  ['null', message('m', undefined, { body: 'null' })],
  ['no JSON', message('m', undefined, { body: '{' })],
])('a message with %s fails until it is set aside', async (_, record) => {
  const { route, worked } = opened();
  expect(await route(record, message('w', 'workloads'))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm' }],
  });
  expect(worked).toEqual({ workloads: ['w'] });
});

test('nothing asks nobody', async () => {
  const { route, worked } = opened();
  expect(await route()).toEqual({ batchItemFailures: [] });
  expect(worked).toEqual({});
});

test('all groups work at the same time', async () => {
  const all = Promise.withResolvers<void>();
  const begun: string[] = [];
  const handler = routeMessages({
    work: async (group) => {
      if (begun.push(group) === 2) all.resolve();
      await all.promise;
      return { batchItemFailures: [] };
    },
    queue: { hide: async () => {} },
    ids: seededIds(),
    log: silentLogger,
  });
  await handler({ Records: mixed } as unknown as SQSEvent);
  expect(begun).toEqual(['workloads', 'pods']);
});

test('what failed is hidden the longer the more often it did, and is answered although that fails', async () => {
  const hidden: number[] = [];
  const { route } = opened({ pods: throttled }, async (_, seconds) => {
    hidden.push(seconds);
    throw new Error('no');
  });
  const tried = (times: number) => ({ attributes: { ApproximateReceiveCount: String(times) } as never });
  const records = [1, 4, 8].map((times) => message(`m${times}`, 'pods', tried(times)));
  expect((await route(...records)).batchItemFailures).toHaveLength(3);
  expect(hidden[0]).toBeLessThanOrEqual(5);
  expect(hidden[1]).toBeGreaterThanOrEqual(32);
  expect(hidden[2]).toBeGreaterThanOrEqual(512);
});

test('the log names the failed step of what is set aside, and of nothing that is tried again', async () => {
  const lines: [string, unknown][] = [];
  const log = { ...silentLogger, error: (text: string, facts?: object) => void lines.push([text, facts]) };
  const why = 'loadBalancers.ensure default/web: AccessDenied: no';
  const failures = ['last', 'early'].map((itemIdentifier) => ({ itemIdentifier, why }));
  const { route } = opened({ pods: answering({ batchItemFailures: failures }) }, undefined, log);
  const tried = (id: string, times: number) =>
    message(id, 'pods', { attributes: { ApproximateReceiveCount: String(times) } as never });
  await route(tried('last', mostTries), tried('early', mostTries - 1));
  expect(lines).toEqual([['set aside', { messageId: 'last', tries: mostTries, body: '{}', why }]]);
});
