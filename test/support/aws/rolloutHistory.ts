import { ok } from 'node:assert/strict';
import { batchesAtOnce } from '../../../infra/concurrency.ts';
import { deployments, ingresses, pods, services } from '../../../src/shared/controllers/resources.ts';
import type { Deployment, Service } from '../../../src/shared/kinds/schema/types.ts';
import { deploymentOf } from '../controllers/world.ts';
import type { Tally } from '../tally.ts';
import { ingressOf, places, serviceOf } from './deployedObjects.ts';
import { DeployedWorld } from './deployedWorld.ts';
import type { FakeEcsTask } from './fakeEcsTask.ts';
import { nameOf, optionsFor, type RolloutOptions } from './rolloutOptions.ts';

/** What came of the connections to a Service during a rollout. */
export interface Connections {
  made: number;
  /** To tasks that did not answer, or to nobody. */
  failed: string[];
  /** To tasks that Spot had ended after its two minutes, with `late` only; and for how long after that at most. */
  late: { made: number; longestMs: number };
  /** From the first change to the last old Pod's end. */
  tookMs: number;
}

/** For test/simulation/many.ts: throws when a connection failed. Answers what is to be counted. */
export const historyOf =
  (replicas: number) =>
  async (seed: number): Promise<Tally> => {
    const options = optionsFor(seed, replicas);
    const which = nameOf(options);
    const { made, failed, late } = await rollout(seed, options).catch((error: Error) => {
      throw new Error(`SHALLOP_SEED=${seed} (${which}): ${error.message}`, { cause: error });
    });
    ok(!failed.length, `SHALLOP_SEED=${seed} (${which}): ${failed.length} failed: ${failed.slice(0, 5)}`);
    return { [which]: { histories: 1, connections: made, late: late.made } };
  };

const place = places[0]!;
const everyMs = 500;
const longestMs = 3 * 60 * 60_000;
/** Fargate's quota of a young account has room for so many; whoever has more runs as many batches as there are at most. */
const mostInYoungAccount = 24;
const batches = batchesAtOnce(1_000);
/** What Spot gives a task between its warning and its end. */
const warningMs = 120_000;
/** By how much a tail may outlast the warning: some seconds of its own, and what it took to hear of it. */
const mostLateMs = 30_000;

/**
 * A rolling update behind load balancers, while calls fail, come late and twice. Each half second a connection is
 * made to every target to which each may send one.
 */
export async function rollout(seed: number, options: RolloutOptions): Promise<Connections> {
  const world = new DeployedWorld(seed, {
    ...(options.replicas > mostInYoungAccount && { atOnce: batches }),
  });
  const { cloud, clock } = world;
  const { by = 'service' } = options;
  world.mostSteps *= Math.max(1, options.replicas / 10);
  const seen: Connections = { made: 0, failed: [], late: { made: 0, longestMs: 0 }, tookMs: 0 };
  try {
    // Spot gives two minutes in all, less what it takes to hear of it: a whole tail does not fit in.
    if (options.spot === true) cloud.tailMs = [60_000, 90_000];
    for (const image of ['app:1', 'app:2'])
      cloud.ecs.setImage(image, options.spot ? { onTerm: 'ignored' } : { onTerm: 0 });
    await world.resync(0, true);
    await world.finish(world.ask((clients) => clients('default').create(services, doorOf(options))));
    if (by !== 'service')
      await world.finish(world.ask((clients) => clients('default').create(ingresses, ingressOf(place))));
    await world.finish(world.ask((clients) => clients('default').create(deployments, workload(options))));
    await until(world, options, () => {});
    // It has been in service for a while.
    await world.pass(5 * 60_000);
    await until(world, options, () => {});
    world.become('disturbed');
    const spec = { template: { spec: { containers: [container('app:2', options)] } } };
    await retried(world, spec);
    const began = clock.now();
    const spot = new Spot(world, options);
    await until(world, options, () => {
      spot.strike();
      connect(world, options, spot, seen);
    });
    seen.tookMs = clock.now() - began;
    return seen;
  } finally {
    world.close();
  }
}

/** Takes tasks away at times that the seed says, and remembers which. */
class Spot {
  readonly #world: DeployedWorld;
  readonly #times: number[];
  /** When each of them got its warning, by address. */
  readonly #struck = new Map<string, number>();

  constructor(world: DeployedWorld, { replicas, spot }: RolloutOptions) {
    this.#world = world;
    const most = Math.ceil(replicas / 10);
    const count = spot ? 1 + Math.floor(world.random() * most) : 0;
    this.#times = Array.from({ length: count }, () => world.clock.now() + world.random() * 120_000);
    this.#times.sort((a, b) => b - a);
  }

  strike(): void {
    const { cloud, clock, random } = this.#world;
    while (this.#times.length && this.#times.at(-1)! <= clock.now()) {
      this.#times.pop();
      const running = cloud.ecs.live().filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      const task = running[Math.floor(random() * running.length)];
      if (!task) continue;
      this.#struck.set(task.address, clock.now());
      cloud.ecs.stopTask(task.id, 'SpotInterruption', 'Your Spot Task was interrupted.');
    }
  }

  /** How long ago Spot ended the task with this address; negative or NaN: it did not. */
  endedFor(address: string): number {
    return this.#world.clock.now() - (this.#struck.get(address) ?? Number.NaN) - warningMs;
  }
}

function connect(
  world: DeployedWorld,
  { spot, by = 'service' }: RolloutOptions,
  strikes: Spot,
  seen: Connections,
): void {
  const { elb, ecs } = world.cloud;
  const doors = [...elb.balancers.values()];
  const answering = new Set(
    ecs
      .live()
      .filter((task) => answers(task, spot))
      .map(({ address }) => address),
  );
  if (doors.length !== (by === 'both' ? 2 : 1)) throw new Error(`there are ${doors.length} load balancers`);
  for (const { DNSName, Type } of doors) {
    const at = `by the ${Type} load balancer after ${world.clock.now()}`;
    const reached = elb.reachable(DNSName, 80);
    if (reached.length === 0) seen.failed.push(`nobody ${at}`);
    for (const address of reached) {
      seen.made++;
      if (answering.has(address)) continue;
      const lateMs = strikes.endedFor(address);
      if (spot === 'late' && lateMs >= 0 && lateMs <= mostLateMs) {
        seen.late.made++;
        seen.late.longestMs = Math.max(seen.late.longestMs, lateMs);
      } else seen.failed.push(`${address} ${at}`);
    }
  }
}

/** A Service that only an Ingress leads to has no load balancer of its own. */
function doorOf({ by }: RolloutOptions): Service {
  const service = serviceOf(place);
  return by === 'ingress' ? { ...service, spec: { ...service.spec, type: 'ClusterIP' } } : service;
}

/** A program takes no connection once it was told to stop; with Spot it has to, for the two minutes that it has. */
const answers = ({ containers, desiredStatus }: FakeEcsTask, spot: RolloutOptions['spot']) =>
  (spot !== false || desiredStatus === 'RUNNING') &&
  containers.some(({ definition, lastStatus }) => definition.name === 'c' && lastStatus === 'RUNNING');

/** Until all Pods are of the newest template, ready, and no others are left. */
async function until(world: DeployedWorld, { replicas }: RolloutOptions, look: () => void): Promise<void> {
  const end = world.clock.now() + longestMs;
  for (let tick = 1; world.clock.now() < end; tick++) {
    await world.pass(everyMs);
    look();
    if (tick % 20 === 0 && (await isDone(world, replicas))) return;
    if (tick % 120 === 0) await world.resync(tick, tick % 1200 === 0);
  }
  throw new Error('the rollout does not end');
}

async function isDone(world: DeployedWorld, replicas: number): Promise<boolean> {
  const asked = world.ask(async (clients) => {
    const client = clients('default');
    const object = await client.get(deployments, 'default', place.name);
    return { object, all: await client.list(pods, { namespace: 'default' }) };
  });
  const seen = await world.finish(asked);
  if (seen === 'crashed') return false;
  const { object, all } = seen;
  const { updatedReplicas, availableReplicas, observedGeneration } = object?.status ?? {};
  const left = all.filter(({ status }) => status?.phase !== 'Failed');
  return (
    observedGeneration === object?.metadata.generation &&
    updatedReplicas === replicas &&
    availableReplicas === replicas &&
    left.length === replicas
  );
}

async function retried(world: DeployedWorld, spec: object): Promise<void> {
  for (;;) {
    const asked = world.ask((clients) =>
      clients('default')
        .patch(deployments, 'default', place.name, { spec })
        .then(
          () => 'done',
          () => 'again',
        ),
    );
    if ((await world.finish(asked)) === 'done') return;
  }
}

function workload(options: RolloutOptions): Deployment {
  const deployment = deploymentOf(place.name, options.replicas);
  deployment.spec!.template.spec = {
    ...(options.spot && { terminationGracePeriodSeconds: 120 }),
    containers: [container('app:1', options)],
  };
  return deployment;
}

const container = (image: string, { preStop }: RolloutOptions) => ({
  name: 'c',
  image,
  ...(preStop && { lifecycle: { preStop: { sleep: { seconds: 15 } } } }),
});
