import { expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import type { Stage } from '../drivers/sweep/index.ts';
import { drain } from './drainEvents.ts';

const about = {
  StackId: 'stack',
  RequestId: 'r',
  LogicalResourceId: 'Drain',
  ResponseURL: 'https://s3/answer',
};
const eventOf = (RequestType: string, more = {}) =>
  ({ ...about, RequestType, ...more }) as unknown as CloudFormationCustomResourceEvent;

async function answerTo(event: CloudFormationCustomResourceEvent, stages: Stage[], remainingMs = 30_000) {
  const clock = new ManualClock();
  const answers: { url: string; body: Record<string, string> }[] = [];
  let ended = false;
  const answer = async (url: string, body: string) => void answers.push({ url, body: JSON.parse(body) });
  const handled = drain({ stages, clock, log: silentLogger, answer })(event, {
    getRemainingTimeInMillis: () => remainingMs,
  }).finally(() => {
    ended = true;
  });
  while (!ended) await clock.advance(1_000);
  await handled;
  expect(answers).toHaveLength(1);
  expect(answers[0]!.url).toBe(about.ResponseURL);
  return answers[0]!.body;
}

const holding = (rounds: number): Stage & { runs: number } => ({
  name: 'tasks',
  runs: 0,
  async run() {
    this.runs++;
    return rounds-- > 0 ? 3 : 0;
  },
});

test.each(['Create', 'Update'])('%s removes nothing', async (type) => {
  const stage = holding(0);
  expect(await answerTo(eventOf(type), [stage])).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'shallop-drain',
    StackId: 'stack',
    RequestId: 'r',
    LogicalResourceId: 'Drain',
  });
  expect(stage.runs).toBe(0);
});

test('Delete succeeds once nothing is left', async () => {
  const stage = holding(2);
  const body = await answerTo(eventOf('Delete', { PhysicalResourceId: 'p' }), [stage]);
  expect(body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'p' });
  expect(stage.runs).toBe(3);
});

test('Delete fails before the Lambda ends, and says what is left', async () => {
  const body = await answerTo(eventOf('Delete', { PhysicalResourceId: 'p' }), [holding(100)]);
  expect(body).toMatchObject({ Status: 'FAILED', Reason: 'Still there: tasks (3). Destroy again to go on.' });
});
