import type { Clients } from '../../client/client.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Ids } from '../../clock/ids.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Cloud, PodRef, RuntimeEvent } from '../../ports/cloud.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Controller } from '../controller.ts';
import type { Environment } from '../environment.ts';
import { logicalClusters, pods } from '../resources.ts';
import { Clusters, type RestOptions } from './clusters.ts';
import { Informer } from './informer.ts';
import type { ObjectSource } from './source.ts';

export type { RestOptions } from './clusters.ts';
export type { ObjectSource, SourceEvent, SourceItem } from './source.ts';
export { storageSource } from './source.ts';

/** What the manager of one process needs from its composition root. */
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
  /** Logical clusters without work rest. Absent: the controllers of all run. The process hears of every write then. */
  rest?: RestOptions;
}

/** Runs all controllers of all logical clusters in one process, fed by watches. */
export interface Manager {
  /** Resolves when the cluster `default` has its caches and its controllers work. */
  start(): Promise<void>;
  /** Resolves when no reconcile is under way any more. */
  stop(): Promise<void>;
  /** Is where a PodRuntime tells what kubelet would record as Events. */
  podEvent(ref: PodRef, event: RuntimeEvent): void;
  /** Tells of a write, so that it wakes its logical cluster. `stored` is the last state when it was deleted. */
  noticed(stored: Stored, deleted: boolean): void;
  /** Returns whether the controllers of a logical cluster run. */
  isAwake(cluster: string): boolean;
  /** Returns whether nothing is left to do in a logical cluster, as far as is known now. */
  isIdle(cluster: string): boolean;
  /** Notes that a new logical cluster may rest, if nothing is in it that changes without a write. */
  restIfStill(cluster: string): Promise<void>;
  /** Has the controllers do all that is to be done in a logical cluster that no object stands for. */
  settle(cluster: string): Promise<void>;
  /** Keys that wait or run in all clusters: 0 when there is nothing to do. */
  depth(): number;
}

/** Runs every controller in this process, for `default` and for each LogicalCluster while its object exists. */
export function createManager(deps: ManagerDeps): Manager {
  const clusters = new Clusters(deps);
  const stop = new AbortController();
  const { signal } = stop;
  const running = new Set<Promise<unknown>>();
  const run = (work: Promise<unknown>) => {
    running.add(work);
    void work.finally(() => running.delete(work)).catch(() => {});
  };

  const followClusters = () => {
    const informer = new Informer(logicalClusters, { ...deps, cluster: 'default' });
    informer.lean = false;
    informer.onChange(({ metadata: { name = '', deletionTimestamp } }, _, deleted) => {
      if (!signal.aborted) run(deleted || deletionTimestamp ? clusters.remove(name) : clusters.add(name));
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
      if (!signal.aborted) for (const cluster of clusters.managers()) cluster.resync();
    }
  };

  return {
    async start() {
      run(followClusters());
      await clusters.add('default');
      for (const controller of deps.controllers) if (controller.wakes) run(followWakes(controller));
      run(resync());
      run(clusters.keepResting());
    },
    async stop() {
      stop.abort();
      await clusters.stop();
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
    noticed: (stored, deleted) => clusters.noticed(stored, deleted),
    isAwake: (cluster) => clusters.get(cluster) !== undefined,
    isIdle: (cluster) => clusters.isIdle(cluster),
    restIfStill: (cluster) => clusters.restIfStill(cluster),
    settle: (cluster) => clusters.settle(cluster),
    depth: () => clusters.managers().reduce((sum, cluster) => sum + cluster.depth, 0),
  };
}
