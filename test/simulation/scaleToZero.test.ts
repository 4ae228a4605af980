import { expect, test } from '@jest/globals';
import { history } from '../support/aws/sleepingHistory.ts';
import { addTo, type Tally } from '../support/tally.ts';

const { SHALLOP_SEED } = process.env;
const seeds = SHALLOP_SEED ? [Number(SHALLOP_SEED)] : Array.from({ length: 15 }, (_, i) => i + 1);
const all: Tally = {};

test.each(seeds)('seed %i: nothing is lost or done twice, however it sleeps and wakes', async (seed) =>
  addTo(all, await history(seed)),
);

test('it slept, and requests waited', () => {
  if (SHALLOP_SEED) return;
  expect(all.sleeping?.wakes).toBeGreaterThan(0);
  expect(all.sleeping?.waited).toBeGreaterThan(0);
});
