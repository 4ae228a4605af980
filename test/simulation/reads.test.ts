import { expect, test } from '@jest/globals';
import { countedRollout } from '../support/aws/countedRollout.ts';

/**
 * Units of reads and calls for each Pod of a Deployment behind a load balancer, when it comes up and when it gets another
 * image. What is done once a second, or once a minute, counts for more where there are few. docs/bench.md has the figures.
 */
test('D4: what a Pod costs does not grow with their number', async () => {
  const [few, more] = [await countedRollout(10), await countedRollout(30)];
  for (const what of ['start', 'rollout'] as const)
    for (const cost of ['units', 'calls', 'ecsReads'] as const)
      expect(more[what][cost]).toBeLessThanOrEqual(1.1 * few[what][cost]);
  expect(more.start.units).toBeLessThan(90);
  expect(more.start.calls).toBeLessThan(100);
  expect(more.rollout.units).toBeLessThan(235);
}, 1_200_000);
