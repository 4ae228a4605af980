import type { Client, Clients } from '../../../src/shared/client/client.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import type { Cloud } from '../../../src/shared/cloud/provider.ts';
import type { Environment } from '../../../src/shared/controllers/environment.ts';
import {
  createWorker,
  groupOf,
  type Timers,
  type Worker,
  type WorkQueues,
  workId,
} from '../../../src/shared/controllers/manager/queue/index.ts';
import { podSourcesFrom } from '../../../src/shared/controllers/pod/sources.ts';
import { controllers } from '../../../src/shared/controllers/registry.ts';
import { notFound } from '../../../src/shared/errors/common.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { openDynamoStorage } from '../../../src/shared/storage/dynamodb/index.ts';
import { openTimers } from '../../../src/shared/storage/dynamodb/timers.ts';
import type { Storage } from '../../../src/shared/storage/storage.ts';
import { fakeClients } from '../controllers/fakeApi.ts';
import type { Simulator } from '../dynamodb/simulator.ts';
import type { QueueSimulator } from './queueSimulator.ts';

const timings = { pollMs: 500, holeMs: 1_000, holdMs: 5_000, graceMs: 15_000 };

/** A Lambda's process: its own connection, caches and worker. After `crash` nothing it does has an effect or an end. */
export interface QueueProcess {
  storage: Storage;
  client: Client;
  clients(cluster: string): Client;
  queues: WorkQueues;
  workers: Map<string, Worker>;
  alive(): boolean;
  crash(): void;
  crashed: Promise<'crashed'>;
}

export interface ProcessParts {
  clock: Clock;
  ids: Ids;
  simulator: Simulator;
  queues: QueueSimulator;
  cloud: Cloud;
}

export function openProcess({ clock, ids, simulator, queues, cloud }: ProcessParts): QueueProcess {
  const { client: dynamo, crash } = simulator.connect();
  let alive = true;
  const dead = Promise.withResolvers<'crashed'>();
  const guard = guardedBy(() => alive);
  const table = { client: dynamo, table: 'shallop', clock, ids };
  const storage = openDynamoStorage({ ...table, timings });
  const clients = inStanding(storage, fakeClients(storage, clock, ids));
  const timers = openTimers(table);
  const named: Timers = {
    claim: (work, at) => timers.claim(workId(work), at),
    release: (work, at) => timers.release(workId(work), at),
  };
  const send: WorkQueues = {
    send: async (orders) => {
      if (!alive) return new Promise(() => {});
      for (const [group, some] of Map.groupBy(orders, (order) => order.group)) queues.send(group, some);
      return [];
    },
  };
  const env: Environment = {
    clients,
    podSources: (client, _, pod) =>
      podSourcesFrom(client, pod, { token: async () => 'token', clusterCa: () => 'ca' }),
    clusterCa: () => 'ca',
    issueToken: async () => 'token',
    apiEndpoint: () => ({ address: '127.0.0.1', port: 6443 }),
    dropCluster: (cluster) => storage.drop(cluster),
  };
  const parts = {
    clients,
    cloud: guard(cloud),
    clock,
    ids,
    env,
    queues: send,
    timers: named,
    log: silentLogger,
  };
  const workers = new Map(
    [...Map.groupBy(controllers, groupOf)].map(([group, some]) => [
      group,
      createWorker({ ...parts, controllers: some }),
    ]),
  );
  return {
    storage,
    clients,
    client: clients('default'),
    queues: send,
    workers,
    alive: () => alive,
    crash: () => {
      alive = false;
      crash();
      dead.resolve('crashed');
    },
    crashed: dead.promise,
  };
}

/** As the API: in a logical cluster without its object there is nothing. */
const inStanding = (storage: Storage, clients: Clients): Clients => {
  const resource = 'logicalclusters.shallop.dev';
  return (cluster) => {
    const client = clients(cluster);
    if (cluster === 'default') return client;
    return new Proxy(client, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          const there = await storage.get({ cluster: 'default', resource, namespace: '', name: cluster });
          if (!there) throw notFound({ group: 'shallop.dev', plural: 'logicalclusters', name: cluster });
          return call.apply(target, args);
        };
      },
    });
  };
};

/** Calls of a dead process reach nothing, and nobody hears an answer. */
const guardedBy =
  (alive: () => boolean) =>
  (cloud: Cloud): Cloud => {
    const wrap = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const value = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const result = alive() ? value.apply(target, args) : new Promise(() => {});
            if (!(result instanceof Promise)) return result;
            return result.then(
              (answer) => (alive() ? answer : new Promise(() => {})),
              (error) => (alive() ? Promise.reject(error) : new Promise(() => {})),
            );
          };
        },
      });
    return { pods: wrap(cloud.pods), loadBalancers: wrap(cloud.loadBalancers) };
  };
