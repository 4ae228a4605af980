import { expect, test } from '@jest/globals';
import { countedRollout } from '../support/aws/countedRollout.ts';

/**
 * Units of reads and calls for each Pod of a Deployment behind a load balancer, when it comes up and when it gets another
 * image. What is done once a second, or once a minute, counts for more where there are few. docs/bench.md has the figures.
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
  expect(more.rollout.units).toBeLessThan(160);
  // What the design allows.
  expect(many.start.units).toBeLessThanOrEqual(60);
  expect(many.start.calls).toBeLessThanOrEqual(60);
  expect(many.rollout.units).toBeLessThanOrEqual(115);
}, 1_200_000);
