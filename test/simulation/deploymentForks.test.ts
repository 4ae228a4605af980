import { expect, test } from '@jest/globals';
import { history } from '../support/aws/forkedHistory.ts';
import { addTo, type Tally } from '../support/tally.ts';

/** SHALLOP_SEED=n replays one history; SHALLOP_RUNS=n tries more of them. */
const runs = Number(process.env.SHALLOP_RUNS ?? 2);
const first = Number(process.env.SHALLOP_SEED ?? 1);
const last = process.env.SHALLOP_SEED ? first : runs;

test('controllers work in forks of a prepared cluster, which harm no base and leave nothing', async () => {
  const tally: Tally = {};
  for (let seed = first; seed <= last; seed++) addTo(tally, await history(seed));
  if (first !== last) expect(Object.keys(tally)).toHaveLength(2);
}, 1_200_000);
