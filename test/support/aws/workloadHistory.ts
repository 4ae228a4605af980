import type { Tally } from '../tally.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { hour, quiet, type Rest, settled as settledBy } from './settling.ts';
import { checkNothingLeft, checkWorkloads } from './workloadCheck.ts';
import { WorkloadJudge } from './workloadJudge.ts';
import { WorkloadStory } from './workloadStory.ts';

/** What a new account has. */
const smallAccount = 10;

/** A deployment with workloads whose life is to be told, and who judges it. */
interface Life {
  world: DeployedWorld;
  judge: WorkloadJudge;
  story: WorkloadStory;
}

/**
 * Jobs, CronJobs, StatefulSets with claims of EFS, an autoscaler and a budget in a deployment's life as the seed says:
 * in trouble, which resyncs make good; disturbed only; and their end in trouble. Each second history is in an account
 * that runs ten functions at the same time.
 */
export const history = (seed: number): Promise<Tally> =>
  lifeOf(seed, 'workloads', async (life) => {
    await inTrouble(life, 8);
    await disturbed(life, 8);
  });

/** The same with less in it, for thousands of seeds: it takes a third of the time. */
export const briefHistory = (seed: number): Promise<Tally> =>
  lifeOf(seed, 'brief workloads', (life) => inTrouble(life, 2));

async function lifeOf(seed: number, name: string, middle: (life: Life) => Promise<void>): Promise<Tally> {
  const isSmall = seed % 2 === 0;
  const world = new DeployedWorld(seed, isSmall ? { concurrency: smallAccount } : {});
  const judge = new WorkloadJudge();
  world.changed = (change) => judge.changed(change);
  world.cloud.judge = (tasks) => judge.tasks(tasks);
  const life: Life = { world, judge, story: new WorkloadStory(world) };
  try {
    await world.resync(0, true);
    await life.story.begin();
    await middle(life);
    await ended(life);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.close();
  }
  return { [isSmall ? `${name}, ten functions at once` : name]: countsOf(life) };
}

async function inTrouble({ world, judge, story }: Life, steps: number): Promise<void> {
  await settled(world);
  world.become('worst');
  await story.tell(steps, { resyncs: true });
  world.become('calm');
  await settled(world);
  await checkWorkloads(world, judge);
}

async function disturbed({ world, judge, story }: Life, steps: number): Promise<void> {
  world.become('disturbed');
  await story.tell(steps, { resyncs: false });
  await world.pass(autoscalerMs);
  await quiet(world, hour, rest);
  await checkWorkloads(world, judge);
}

async function ended({ world, judge, story }: Life): Promise<void> {
  world.become('worst');
  await story.end();
  world.become('calm');
  await story.end();
  await settled(world);
  await checkWorkloads(world, judge);
  // What nobody saw as its volume went is tidied away by the next look at everything.
  await settled(world);
  await checkNothingLeft(world);
}

function countsOf({ world, judge, story }: Life): Tally[string] {
  const { killed, throttled, cloud } = world;
  const tasks = cloud.attempts.size;
  const jobs = judge.jobs.size;
  return { histories: 1, tasks, jobs, evictions: judge.evictions, killed, throttled, ...story.done };
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
