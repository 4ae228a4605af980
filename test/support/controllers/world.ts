import { controllers } from '../../../src/aws/controllers/registry.ts';
import { ingressRouter } from '../../../src/local/controllers/ingressrouter/index.ts';
import type { Client, Clients } from '../../../src/shared/client/client.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import type { Environment } from '../../../src/shared/controllers/environment.ts';
import {
  createManager,
  type Manager,
  type ObjectSource,
  storageSource,
} from '../../../src/shared/controllers/manager/index.ts';
import { podSourcesFrom } from '../../../src/shared/controllers/pod/sources.ts';
import { FakeLoadBalancers } from '../../../src/shared/fake/loadBalancers.ts';
import { createFakePods, type FakePods } from '../../../src/shared/fake/pods.ts';
import type { Deployment, Pod } from '../../../src/shared/kinds/schema/types.ts';
import { type Logger, silentLogger } from '../../../src/shared/observability/logger.ts';
import type { Cloud } from '../../../src/shared/ports/cloud.ts';
import type { Storage } from '../../../src/shared/ports/storage.ts';
import { openMemoryStorage } from '../../../src/shared/storage/memory/index.ts';
import { fakeClients } from './fakeApi.ts';

export interface World {
  client: Client;
  storage: Storage;
  runtime: FakePods;
  loadBalancers: FakeLoadBalancers;
  manager: Manager;
}

/** Every controller over memory storage and the fake cloud. */
export function createWorld(options: {
  clock: Clock;
  seed?: number;
  log?: Logger;
  storage?: Storage;
  runtime?: FakePods;
  source?: (real: ObjectSource) => ObjectSource;
  /** Others than those of the fake API. */
  clients?: Clients;
  /** Further ports of the cloud, or others than the fakes. */
  ports?: Partial<Cloud>;
  /** What only some planes have. */
  env?: Partial<Environment>;
}): World {
  const { clock, seed = 1, log = silentLogger } = options;
  const ids = seededIds(seed);
  const storage = options.storage ?? openMemoryStorage({ clock });
  const clients = options.clients ?? fakeClients(storage, clock, ids);
  const runtime = options.runtime ?? createFakePods({ clock });
  const loadBalancers = new FakeLoadBalancers();
  const env: Environment = {
    clients,
    exchangeAs: () => async () => ({ status: 404, body: Buffer.from('404 page not found') }),
    podSources: (client, _, pod) =>
      podSourcesFrom(client, pod, clock, { token: async () => 'token', clusterCa: () => 'ca' }),
    clusterCa: () => 'ca',
    serviceCidr: '10.96.0.0/16',
    issueToken: async () => 'token',
    apiEndpoint: () => ({ address: '127.0.0.1', port: 6443 }),
    dropCluster: (cluster) => storage.drop(cluster),
    ...options.env,
  };
  const real = storageSource(storage);
  const manager = createManager({
    controllers: [...controllers, ingressRouter],
    source: options.source?.(real) ?? real,
    clients,
    cloud: { pods: runtime, loadBalancers, ...options.ports },
    clock,
    ids,
    log,
    env,
  });
  return { client: clients('default'), storage, runtime, loadBalancers, manager };
}

export const deploymentOf = (name: string, replicas: number, image = 'app:1'): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [{ name: 'c', image }],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 1,
        schedulerName: 'default-scheduler',
      },
    },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  },
});

/** Waits, without a timer, until `check` holds; fails after a generous number of turns. */
export async function eventually(check: () => Promise<boolean> | boolean, turns = 20_000): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    if (await check()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('it never came true');
}

/** As `eventually`, with a second of the clock between two looks; `turns` are seconds. */
export const eventuallySecondly = (
  clock: ManualClock,
  check: () => Promise<boolean> | boolean,
  turns: number,
): Promise<void> =>
  eventually(async () => {
    await clock.advance(1000);
    return check();
  }, turns);

/** Ends what createWorld began, once its manager was started. */
export async function closeWorld({ manager, storage }: World): Promise<void> {
  await manager.stop();
  await storage.close();
}

export const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';
