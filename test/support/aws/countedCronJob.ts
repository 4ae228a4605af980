import { cronJobs } from '../../../src/shared/controllers/resources.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { cronJobOf } from './workloadObjects.ts';

/** What a CronJob did and cost while nothing went wrong, or messages got lost. */
export interface CronCost {
  /** How long after its time each Job was there, in milliseconds. */
  late: number[];
  /** Requests to DynamoDB and SQS, and units of reads, that were not there without it. */
  calls: number;
  units: number;
}

const minuteMs = 60_000;

/**
 * A CronJob with this schedule for so many minutes. Its Jobs are suspended, so that what it costs itself is counted. While
 * `losing` says so of a minute, all messages get lost.
 */
export async function countedCronJob(
  schedule: string,
  minutes: number,
  losing: (minute: number) => boolean = () => false,
): Promise<CronCost> {
  const idle = await lived(minutes, undefined, losing);
  const { late, calls, units } = await lived(minutes, schedule, losing);
  return { late, calls: calls - idle.calls, units: units - idle.units };
}

async function lived(
  minutes: number,
  schedule: string | undefined,
  losing: (minute: number) => boolean,
): Promise<CronCost> {
  const world = new DeployedWorld(1, { regular: true });
  const late: number[] = [];
  const made = new Set<string>();
  world.changed = ({ type, object: { key } }) => {
    if (type !== 'put' || key.resource !== 'jobs.batch' || made.has(key.name)) return;
    made.add(key.name);
    // The name ends with the minute that it is for.
    late.push(world.clock.now() - Number(key.name.split('-').at(-1)) * minuteMs);
  };
  try {
    await world.resync(0, true);
    await world.pass(minuteMs);
    if (schedule !== undefined) {
      const cronJob = cronJobOf('tick', 'Replace');
      const spec = { ...cronJob.spec!, schedule };
      spec.jobTemplate = { spec: { ...spec.jobTemplate.spec!, suspend: true } };
      await world.finish(world.ask((clients) => clients('default').create(cronJobs, { ...cronJob, spec })));
    }
    await world.pass(minuteMs);
    const before = counts(world);
    late.length = 0;
    for (let minute = 1; minute <= minutes; minute++) {
      const drop = losing(minute) ? 1 : 0;
      world.queue.delivery = { ...world.queue.delivery, drop };
      await world.resync(minute, false);
      await world.pass(minuteMs);
    }
    const { calls, units } = counts(world);
    return { late, calls: calls - before.calls, units: units - before.units };
  } finally {
    world.close();
  }
}

const counts = ({ simulator, queue }: DeployedWorld) => ({
  calls: simulator.total + queue.requests,
  units: simulator.readUnits,
});
