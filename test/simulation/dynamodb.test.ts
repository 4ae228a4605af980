import { expect, test } from '@jest/globals';
import { history } from '../support/dynamodb/history.ts';

/** SHALLOP_SEED=n replays one history; SHALLOP_RUNS=n tries more of them. */
const runs = Number(process.env.SHALLOP_RUNS ?? 200);
const first = Number(process.env.SHALLOP_SEED ?? 1);
const last = process.env.SHALLOP_SEED ? first : runs;

test('whatever DynamoDB does to writers that crash, nothing acknowledged is lost and every reader sees one history', async () => {
  const met = { acknowledged: 0, refused: 0, held: 0, unknown: 0, tombstones: 0, lists: 0, told: 0 };
  for (let seed = first; seed <= last; seed++) {
    const world = await history(seed);
    met.acknowledged += world.outcomes.filter((o) => o.revision).length;
    met.refused += world.outcomes.filter((o) => o.refused).length;
    met.held += world.outcomes.filter((o) => o.held).length;
    met.unknown += world.outcomes.filter((o) => !o.revision && !o.refused).length;
    met.tombstones += world.simulator.operations.items.all().filter((item) => item.type?.S === 'none').length;
    met.lists += world.lists.length;
    met.told += world.watches.reduce((sum, { changes }) => sum + changes.length, 0);
  }
  if (process.env.SHALLOP_RUNS) process.stderr.write(`${JSON.stringify(met)}\n`);
  // The histories are worth something only if these were met.
  if (first !== last) for (const count of Object.values(met)) expect(count).toBeGreaterThan(0);
}, 600_000);
