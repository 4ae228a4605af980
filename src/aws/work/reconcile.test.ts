import { describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { decodeWork, encodeWork, type Work } from '../../shared/controllers/manager/queue/index.ts';
import { failedAt } from '../../shared/errors/steps.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import { reconcileMessages } from './reconcile.ts';

const work: Work = { controller: 'kubelet', cluster: 'default', namespace: 'ns', name: 'p/u' };
const taskEvent = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  time: '2026-01-01T00:00:00Z',
  detail: {
    taskArn: 'arn:aws:ecs:r:1:task/c/abc',
    startedBy: 'u',
    version: 3,
    lastStatus: 'STOPPED',
    overrides: {
      containerOverrides: [{ name: 'c', environment: [{ name: 'SHALLOP_POD', value: 'dev/default/ns/p' }] }],
    },
  },
};
const delivery = (bodies: string[]) =>
  ({
    Records: bodies.map((body, i) => ({ body, messageId: `m${i}` })),
  }) as SQSEvent;

const opened = (fails: number[] = []) => {
  const asked: Work[] = [];
  const handler = reconcileMessages({
    deployment: 'dev',
    worker: {
      run: async (batch) => {
        asked.push(...batch);
        return new Map(fails.map((i) => [i, failedAt('getting pods default/a', new Error('no'))]));
      },
    },
    log: silentLogger,
  });
  const handle = (event: SQSEvent) => handler(event, { getRemainingTimeInMillis: () => 60_000 });
  return { handle, asked };
};

test.each(['', '{', 'null', '"x"', '{"controller":1}', '{"controller":"a","cluster":"b","namespace":"c"}'])(
  '%j is no work',
  (text) => expect(decodeWork(text)).toBeUndefined(),
);

test('work survives its message', () =>
  expect(decodeWork(encodeWork({ ...work, always: true, since: 5 }))).toEqual({
    ...work,
    always: true,
    since: 5,
  }));

describe('a delivery', () => {
  test('of a task event is work for its Pod', async () => {
    const { handle, asked } = opened();
    const other = { ...taskEvent, source: 'mine' };
    await handle(delivery([JSON.stringify(taskEvent), JSON.stringify(other), encodeWork(work)]));
    expect(asked).toEqual([{ ...work, since: Date.UTC(2026, 0, 1) }, work]);
  });

  test('answers what failed by its message, with the step, though others said nothing', async () => {
    const { batchItemFailures } = await opened([0, 1]).handle(
      delivery(['nonsense', encodeWork(work), encodeWork(work)]),
    );
    const why = 'getting pods default/a: no';
    expect(batchItemFailures).toEqual([
      { itemIdentifier: 'm1', why },
      { itemIdentifier: 'm2', why },
    ]);
  });
});
