import type { Clients } from '../../client/client.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Ids } from '../../clock/ids.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Cloud, PodRef, RuntimeEvent } from '../../ports/cloud.ts';
import type { Controller } from '../controller.ts';
import type { Environment } from '../environment.ts';
import { logicalClusters, pods } from '../resources.ts';
import { ClusterManager } from './clusterManager.ts';
import { Informer } from './informer.ts';
import type { ObjectSource } from './source.ts';

export type { ObjectSource, SourceEvent, SourceItem } from './source.ts';
export { storageSource } from './source.ts';

/** Is what the manager of one process needs from its composition root. */
export interface ManagerDeps {
  controllers: Controller[];
  source: ObjectSource;
  clients: Clients;
  cloud: Cloud;
  clock: Clock;
  ids: Ids;
  log: Logger;
  env: Environment;
  /** Milliseconds between resyncs; default ten minutes. */
  resyncMs?: number;
}

/** Runs all controllers of all logical clusters in one process, fed by watches. */
export interface Manager {
  /** Resolves when the cluster `default` has its caches and its controllers work. */
  start(): Promise<void>;
  /** Resolves when no reconcile is under way any more. */
  stop(): Promise<void>;
  /** Where a PodRuntime tells what kubelet would record as Events. */
  podEvent(ref: PodRef, event: RuntimeEvent): void;
  /** Keys that wait or run in all clusters: 0 when there is nothing to do. */
  depth(): number;
}

/** Runs every controller in this process, for `default` and for each LogicalCluster while its object exists. */
export function createManager(deps: ManagerDeps): Manager {
  const clusters = new Map<string, ClusterManager>();
  const stop = new AbortController();
  const { signal } = stop;
  const running: Promise<unknown>[] = [];

  const open = async (name: string) => {
    if (clusters.has(name) || signal.aborted) return;
    const cluster = new ClusterManager(name, deps);
    clusters.set(name, cluster);
    await cluster.start();
  };
  const close = async (name: string) => {
    const cluster = clusters.get(name);
    clusters.delete(name);
    await cluster?.stop();
  };

  const followClusters = () => {
    const informer = new Informer(logicalClusters, { ...deps, cluster: 'default' });
    informer.lean = false;
    informer.onChange(({ metadata: { name = '', deletionTimestamp } }, _, deleted) => {
      running.push(deleted || deletionTimestamp ? close(name) : open(name));
    });
    return informer.run(signal);
  };

  const followWakes = async (controller: Controller) => {
    for await (const key of controller.wakes!(deps.cloud, signal))
      clusters.get(key.cluster)?.enqueue(controller.name, key);
  };

  const resync = async () => {
    while (!signal.aborted) {
      await deps.clock.sleep(deps.resyncMs ?? 600_000, signal);
      if (!signal.aborted) for (const cluster of clusters.values()) cluster.resync();
    }
  };

  return {
    async start() {
      running.push(followClusters());
      await open('default');
      for (const controller of deps.controllers) if (controller.wakes) running.push(followWakes(controller));
      running.push(resync());
    },
    async stop() {
      stop.abort();
      await Promise.all([...clusters.keys()].map(close));
      await Promise.all(running);
    },
    podEvent(ref, event) {
      const cluster = clusters.get(ref.cluster);
      if (!cluster) return;
      void cluster.client.get(pods, ref.namespace, ref.name).then((pod) => {
        if (pod?.metadata.uid === ref.uid)
          cluster.recorder('kubelet')(pod, { ...event, host: pod.spec?.nodeName ?? '' });
      });
    },
    depth: () => [...clusters.values()].reduce((sum, cluster) => sum + cluster.depth, 0),
  };
}
