import { expect, test } from '@jest/globals';
import { countedRollout } from '../support/aws/countedRollout.ts';

/**
 * Units of reads and calls for each Pod of a Deployment behind a load balancer, when it comes up and when it gets another
 * image. What is done once a second, or once a minute, counts for more where there are few. docs/bench.md has the figures, and
 * `npm run bench:aws -- --pods` those of 1,000. DynamoDB and ECS give no more in a second than they document.
 */
test('D4: what a Pod costs does not grow with their number', async () => {
  const [few, more, many] = [await countedRollout(10), await countedRollout(30), await countedRollout(100)];
  for (const what of ['start', 'rollout'] as const)
    for (const cost of ['units', 'calls', 'ecsReads'] as const) {
      expect(more[what][cost]).toBeLessThanOrEqual(1.1 * few[what][cost]);
      expect(many[what][cost]).toBeLessThanOrEqual(1.1 * more[what][cost]);
    }
  expect(few.rollout.units).toBeLessThan(235);
  expect(more.start.units).toBeLessThan(55);
  expect(more.start.calls).toBeLessThan(75);
  expect(more.rollout.units).toBeLessThan(185);
  // What the design allows.
  expect(many.start.units).toBeLessThanOrEqual(60);
  expect(many.start.calls).toBeLessThanOrEqual(60);
  expect(many.rollout.units).toBeLessThanOrEqual(115);
  // What a partition gives in a second, so that nothing is throttled.
  expect(many.busiest.reads).toBeLessThanOrEqual(3_000);
  expect(many.busiest.writes).toBeLessThanOrEqual(1_000);
  expect(many.throttled.dynamodb).toBe(0);
  expect(many.ecsReadsAtRest).toBeLessThan(10);
}, 1_200_000);
