import { ok } from 'node:assert/strict';
import { check } from './deployedCheck.ts';
import { DeployedStory } from './deployedStory.ts';
import { DeployedWorld } from './deployedWorld.ts';

/**
 * A deployment's life as the seed says: in trouble, which resyncs make good; disturbed only, so that queues do; and its
 * end in trouble. Each time it becomes quiet there is what was asked for.
 */
export async function history(seed: number): Promise<DeployedWorld> {
  const world = new DeployedWorld(seed);
  try {
    await world.resync(0, true);
    await quiet(world);
    const story = new DeployedStory(world);
    world.worsen();
    await story.tell(5, { resyncs: true });
    await settled(world);
    await check(world);
    world.disturb();
    await story.tell(4, { resyncs: false });
    await quiet(world);
    await check(world);
    world.worsen();
    await story.end();
    world.calm();
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

const hour = 3_600_000;

/** Until nothing waits any more but the next look at old Events. What one resync finds may need another. */
async function settled(world: DeployedWorld): Promise<void> {
  for (const tick of [1, 2]) {
    // By a later resync load balancers have let go of their security groups, which they do every fourth second.
    for (let second = 0; second < 4; second++) await world.pass(1_000);
    await world.resync(tick, true);
    await quiet(world);
  }
}

const quiet = (world: DeployedWorld) => world.quiet(2 * hour, (body) => body.includes('"event-expiry"'));
