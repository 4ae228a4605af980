import { expect } from '@jest/globals';
import { earlier, openUpgrades } from '../support/aws/upgradeHistory.ts';
import { noCommit } from '../support/earlier.ts';
import { needs } from '../support/needs.ts';

/** `node test/simulation/many.ts upgrades=200` tries that many; SHALLOP_SEED=n replays one. */
const seeds = process.env.SHALLOP_SEED ? [Number(process.env.SHALLOP_SEED)] : [1, 2];

needs(noCommit(earlier)).test.each(seeds)(
  'a deployment is upgraded while functions of both versions work in it: nothing is restarted, doubled or lost (seed %d)',
  async (seed) => {
    const history = await openUpgrades();
    const [counts] = Object.values(await history(seed));
    expect(counts?.earlier).toBeGreaterThan(0);
    expect(counts?.both).toBeGreaterThan(0);
    expect(counts?.this).toBeGreaterThan(0);
    expect(counts?.tasks).toBeGreaterThan(5);
  },
  600_000,
);
