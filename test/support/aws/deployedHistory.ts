import { ok } from 'node:assert/strict';
import { check } from './deployedCheck.ts';
import { formatsOf } from './deployedFormats.ts';
import { DeployedStory } from './deployedStory.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { hour, quiet, settled } from './settling.ts';

/**
 * A deployment's life as the seed says: in trouble, which resyncs make good; disturbed only, so that queues do; and its
 * end in trouble. Each time it becomes quiet there is what was asked for.
 */
export async function history(seed: number): Promise<DeployedWorld> {
  const world = new DeployedWorld(seed, { known: formatsOf(seed) });
  try {
    await world.resync(0, true);
    await quiet(world, hour);
    const story = new DeployedStory(world);
    world.become('worst');
    await story.tell(5, { resyncs: true });
    await settled(world);
    await check(world);
    world.become('disturbed');
    await story.tell(4, { resyncs: false });
    await quiet(world, hour);
    await check(world);
    world.become('worst');
    await story.end();
    world.become('calm');
    await story.end();
    await settled(world);
    await check(world);
    // Messages that came twice have become one again.
    await world.pass(hour);
    ok(world.queue.bodies.length <= 1, `left in the queue: ${world.queue.bodies}`);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.close();
  }
  return world;
}
