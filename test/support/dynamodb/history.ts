import { check } from './check.ts';
import { World } from './world.ts';

/** What the writers and readers of one table lived through, as the seed says, judged. Throws an error that names it. */
export async function history(seed: number): Promise<World> {
  const world = new World(seed);
  try {
    await world.run(4, 4);
    check(world);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  }
  return world;
}
