import { expect, test } from '@jest/globals';
import { type Cost, countedRollout } from '../support/aws/countedRollout.ts';

/** Figures of one run differ by a tenth, as looks fall now before and now behind what they find. */
const seeds = [1, 2, 3];
const figures = ['units', 'calls', 'ecsReads'] as const;
type Figures = Pick<Cost, (typeof figures)[number]>;

/** What Deployments of so many Pods have cost on average, the busiest second of the first, and the most of what was refused. */
async function counted(replicas: number) {
  const runs = [];
  for (const seed of seeds) runs.push(await countedRollout(replicas, { seed }));
  const mean = (costs: Cost[]) =>
    Object.fromEntries(
      figures.map((each) => [each, costs.reduce((sum, cost) => sum + cost[each], 0) / costs.length]),
    ) as unknown as Figures;
  return {
    start: mean(runs.map(({ start }) => start)),
    rollout: mean(runs.map(({ rollout }) => rollout)),
    busiest: runs[0]!.busiest,
    throttled: Math.max(...runs.map(({ throttled }) => throttled.dynamodb)),
    ecsReadsAtRest: Math.max(...runs.map(({ ecsReadsAtRest }) => ecsReadsAtRest)),
  };
}

/**
 * Units of reads and calls for each Pod of a Deployment behind a load balancer, when it comes up and when it gets another
 * image. What is done once a second, or once a minute, counts for more where there are few. docs/bench.md has the figures, and
 * `npm run bench:aws -- --pods` those of 1,000. DynamoDB and ECS give no more in a second than they document.
 */
test('D4: what a Pod costs does not grow with their number', async () => {
  const [few, more, many] = [await counted(10), await counted(30), await counted(100)];
  for (const what of ['start', 'rollout'] as const)
    for (const cost of figures) {
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
  // What a partition gives in a second: nothing is throttled.
  expect(many.busiest.reads).toBeLessThanOrEqual(3_000);
  expect(many.busiest.writes).toBeLessThanOrEqual(1_000);
  expect(many.throttled).toBe(0);
  expect(many.ecsReadsAtRest).toBeLessThan(10);
}, 1_200_000);
