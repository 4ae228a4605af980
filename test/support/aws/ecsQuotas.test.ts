import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import type { AwsClient } from './deployedTrouble.ts';
import { type Refusals, withQuotas } from './ecsQuotas.ts';

class RunTaskCommand {
  input = {};
}
class StopTaskCommand {
  input = {};
}
class DescribeTasksCommand {
  input = {};
}
class DescribeTaskDefinitionCommand {
  input = {};
}

function account() {
  const clock = new ManualClock();
  const refused: Refusals = new Map();
  const client: AwsClient = { send: async () => 'done' as never };
  const limited = withQuotas(client, clock, refused);
  /** How many of so many calls at once are answered. */
  const answered = async (Command: new () => { input: unknown }, calls: number) => {
    const all = Array.from({ length: calls }, () => limited.send(new Command()));
    return (await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled').length;
  };
  return { clock, refused, answered };
}

test('reads of tasks have a burst of 100 and 20 a second', async () => {
  const { clock, refused, answered } = account();
  expect(await answered(DescribeTasksCommand, 130)).toBe(100);
  await clock.advance(1_000);
  expect(await answered(DescribeTasksCommand, 130)).toBe(20);
  expect(refused).toEqual(new Map([['DescribeTasks', 140]]));
});

test('Fargate takes 20 RunTask a second, which count as calls of ECS too; what has no quota here is let through', async () => {
  const { clock, answered } = account();
  expect(await answered(RunTaskCommand, 30)).toBe(20);
  expect(await answered(StopTaskCommand, 100)).toBe(80);
  await clock.advance(1_000);
  expect(await answered(StopTaskCommand, 100)).toBe(40);
  expect(await answered(DescribeTaskDefinitionCommand, 500)).toBe(500);
});
