import { deployments, pods, services } from '../../../src/shared/controllers/resources.ts';
import { deploymentOf } from '../controllers/world.ts';
import type { ReadCount } from '../dynamodb/readers.ts';
import type { Units } from '../dynamodb/throughput.ts';
import { places, serviceOf } from './deployedObjects.ts';
import { DeployedWorld } from './deployedWorld.ts';

/** What each Pod of a Deployment has cost. */
export interface Cost {
  /** Units of reads of DynamoDB. */
  units: number;
  /** Requests to DynamoDB and SQS, reads and writes. */
  calls: number;
  /** Of ECS: DescribeTasks and ListTasks. */
  ecsReads: number;
  tookMs: number;
  /** Who read what, of all Pods together. */
  readers: ReadCount[];
}

/** A Deployment that came up, rested and got another image. */
export interface CountedRollout {
  start: Cost;
  rollout: Cost;
  /** Reads of ECS in a minute in which its Pods are ready and nothing happens. */
  ecsReadsAtRest: number;
  /** The most units that one key of the table gave in a second. DynamoDB's limits are 3,000 and 1,000. */
  busiest: Units;
  /** Requests that DynamoDB and ECS refused, since they were more than they give in a second; of ECS by action. */
  throttled: { dynamodb: number; ecs: Record<string, number> };
}

const place = places[0]!;
const longestMs = 3 * 60 * 60_000;
/** In so many minutes everything is looked at once. */
const restMinutes = 10;
const readinessProbe = { tcpSocket: { port: 8080 } };

/**
 * A Deployment with a Service of type LoadBalancer comes up, and gets another image; nothing goes wrong meanwhile. `probed`: its
 * Pods have a readiness probe.
 */
export async function countedRollout(
  replicas: number,
  { seed = 1, regular = true, probed = false } = {},
): Promise<CountedRollout> {
  const world = new DeployedWorld(seed, { regular });
  world.mostSteps *= Math.max(1, replicas / 10);
  const counted = async (image: string, change: () => Promise<unknown>): Promise<Cost> => {
    const before = counts(world);
    world.simulator.readers.clear();
    await change();
    await untilReady(world, replicas, image);
    const after = counts(world);
    const each = (key: keyof typeof after) => (after[key] - before[key]) / replicas;
    return {
      units: each('units'),
      calls: each('calls'),
      ecsReads: each('ecsReads'),
      tookMs: after.now - before.now,
      readers: world.simulator.readers.counts(),
    };
  };
  try {
    await world.resync(0, true);
    await world.pass(60_000);
    await asked(world, (client) => client.create(services, serviceOf(place)));
    await world.pass(60_000);
    const container = (image: string) => [{ name: 'c', image, ...(probed && { readinessProbe }) }];
    const deployment = deploymentOf(place.name, replicas);
    deployment.spec!.template.spec = { containers: container('app:1') };
    const start = await counted('app:1', () =>
      asked(world, (client) => client.create(deployments, deployment)),
    );
    const ecsReadsAtRest = await readsAtRest(world);
    const spec = { template: { spec: { containers: container('app:2') } } };
    const rollout = await counted('app:2', () =>
      asked(world, (client) => client.patch(deployments, 'default', place.name, { spec })),
    );
    const { busiest, throttled: dynamodb } = world.simulator.throughput!;
    const ecs = Object.fromEntries(world.cloud.ecsRefusals);
    return { start, rollout, ecsReadsAtRest, busiest, throttled: { dynamodb, ecs } };
  } finally {
    world.close();
  }
}

type Client = ReturnType<Parameters<Parameters<DeployedWorld['ask']>[0]>[0]>;
const asked = <T>(world: DeployedWorld, run: (client: Client) => Promise<T>) =>
  world.finish(world.ask((clients) => run(clients('default'))));

async function readsAtRest(world: DeployedWorld): Promise<number> {
  const before = ecsReads(world);
  for (let tick = 1; tick <= restMinutes; tick++) {
    await world.resync(tick, tick === restMinutes);
    await world.pass(60_000);
  }
  return (ecsReads(world) - before) / restMinutes;
}

function ecsReads({ cloud }: DeployedWorld): number {
  const { DescribeTasks = 0, ListTasks = 0 } = cloud.ecs.counts();
  return DescribeTasks + ListTasks;
}

function counts(world: DeployedWorld) {
  const { simulator, queue, clock } = world;
  return {
    units: simulator.readUnits,
    calls: simulator.total + queue.requests,
    ecsReads: ecsReads(world),
    now: clock.now(),
  };
}

/** Asked of the cloud, since questions to the API would be counted. */
async function untilReady(world: DeployedWorld, replicas: number, image: string): Promise<void> {
  const end = world.clock.now() + longestMs;
  for (let tick = 1; world.clock.now() < end; tick++) {
    await world.pass(5_000);
    const tasks = world.cloud.ecs.tasks();
    const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const fresh = running.filter(({ containers }) => containers?.some((each) => each.image === image));
    if (running.length === replicas && fresh.length === replicas && (await isReported(world, replicas)))
      return;
    if (tick % 12 === 0) await world.resync(tick / 12, tick % 120 === 0);
  }
  throw new Error('the Pods are never ready');
}

async function isReported(world: DeployedWorld, replicas: number): Promise<boolean> {
  const { simulator } = world;
  const before = { units: simulator.readUnits, requests: new Map(simulator.requests) };
  const found = await asked(world, async (client) => ({
    object: await client.get(deployments, 'default', place.name),
    all: await client.list(pods, { namespace: 'default' }),
  }));
  // This question is the test's.
  world.simulator.readUnits = before.units;
  for (const [name, count] of before.requests) world.simulator.requests.set(name, count);
  if (found === 'crashed') return false;
  const { updatedReplicas, availableReplicas } = found.object?.status ?? {};
  return updatedReplicas === replicas && availableReplicas === replicas && found.all.length === replicas;
}
