import type { Tally } from '../tally.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { hour, quiet, type Rest, settled as settledBy } from './settling.ts';
import { checkNothingLeft, checkWorkloads } from './workloadCheck.ts';
import { WorkloadJudge } from './workloadJudge.ts';
import { WorkloadStory } from './workloadStory.ts';

/** What a new account has. */
const smallAccount = 10;

/**
 * Jobs, CronJobs, StatefulSets with claims of EFS, an autoscaler and a budget in a deployment's life as the seed says:
 * in trouble, which resyncs make good; disturbed only; and their end in trouble. Each second history is in an account
 * that runs ten functions at the same time.
 */
export async function history(seed: number): Promise<Tally> {
  const isSmall = seed % 2 === 0;
  const world = new DeployedWorld(seed, isSmall ? { concurrency: smallAccount } : {});
  const judge = new WorkloadJudge();
  world.changed = (change) => judge.changed(change);
  world.cloud.judge = (tasks) => judge.tasks(tasks);
  const story = new WorkloadStory(world);
  try {
    await world.resync(0, true);
    await story.begin();
    await settled(world);
    world.become('worst');
    await story.tell(8, { resyncs: true });
    world.become('calm');
    await settled(world);
    await checkWorkloads(world, judge);
    world.become('disturbed');
    await story.tell(8, { resyncs: false });
    await world.pass(autoscalerMs);
    await quiet(world, hour, rest);
    await checkWorkloads(world, judge);
    world.become('worst');
    await story.end();
    world.become('calm');
    await story.end();
    await settled(world);
    await checkWorkloads(world, judge);
    // What nobody saw as its volume went is tidied away by the next look at everything.
    await settled(world);
    await checkNothingLeft(world);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.close();
  }
  const kind = isSmall ? 'workloads, ten functions at once' : 'workloads';
  const { killed, throttled, cloud } = world;
  const tasks = cloud.attempts.size;
  return {
    [kind]: {
      histories: 1,
      tasks,
      jobs: judge.jobs.size,
      evictions: judge.evictions,
      killed,
      throttled,
      ...story.done,
    },
  };
}

/** Longer than an autoscaler waits between two looks. */
const autoscalerMs = 90_000;

/** Nothing waits any more but the next looks at old Events and of an autoscaler. */
const rest: Rest = {
  stays: /"event-expiry"|"horizontal-pod-autoscaler"/,
  isWhole: (tick) => tick % 10 === 1,
};

async function settled(world: DeployedWorld): Promise<void> {
  await world.pass(autoscalerMs);
  await settledBy(world, rest);
}
