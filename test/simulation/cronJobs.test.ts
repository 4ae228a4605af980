import { expect, test } from '@jest/globals';
import { countedCronJob } from '../support/aws/countedCronJob.ts';

/** What ADR 54 goes by: how late CronJobs are on AWS, and what they cost there. */

test('a Job is there within two seconds of its time, for some seventy calls', async () => {
  const { late, calls } = await countedCronJob('* * * * *', 60);
  expect(late.length).toBeGreaterThanOrEqual(60);
  expect(Math.max(...late)).toBeLessThan(2_000);
  expect(calls / late.length).toBeLessThan(80);
});

test('a CronJob that has nothing to do costs eight calls a minute: its cluster does not rest', async () => {
  const { late, calls, units } = await countedCronJob('0 0 1 1 *', 1440);
  expect(late).toEqual([]);
  expect(calls).toBeLessThan(1440 * 8);
  expect(units).toBeLessThan(1440 * 8);
});

test('where all messages of a minute get lost, it goes on after the next look at everything', async () => {
  const { late } = await countedCronJob('* * * * *', 40, (minute) => minute === 11);
  expect(late.length).toBeLessThan(40);
  expect(late.length).toBeGreaterThanOrEqual(29);
  expect(Math.max(...late)).toBeLessThan(2_000);
});
