import { check } from './check.ts';
import { checkForks, checkNothingLeft } from './forkCheck.ts';
import { World } from './world.ts';

/** What the writers and readers of one table lived through, as the seed says, judged. Throws an error that names it. */
export async function history(seed: number, hasForks = seed % 4 > 1): Promise<World> {
  const world = new World(seed, { hasForks });
  try {
    await world.run(4, 4);
    check(world);
    if (world.forks) checkForks(world, world.forks);
    await world.end();
    if (hasForks) checkNothingLeft(world);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  }
  return world;
}
