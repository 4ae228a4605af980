import { expect, test } from '@jest/globals';
import { countedRollout } from '../support/aws/countedRollout.ts';

/** The goals of docs/bench.md: what a Pod of a Deployment with a Service costs, whether there are ten of them or more. */
const goals = { startUnits: 60, startCalls: 60, rolloutUnits: 120 };

test.each([10, 40])(
  'D4: of %i Pods each costs what it would alone: units and calls of a start, units of a rollout',
  async (replicas) => {
    const { start, rollout } = await countedRollout(replicas);
    expect(start.units).toBeLessThanOrEqual(goals.startUnits);
    expect(start.calls).toBeLessThanOrEqual(goals.startCalls);
    expect(rollout.units).toBeLessThanOrEqual(goals.rolloutUnits);
  },
  600_000,
);
