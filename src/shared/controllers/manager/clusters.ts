import type { Stored } from '../../ports/storage.ts';
import { ClusterManager } from './clusterManager.ts';
import type { ManagerDeps } from './index.ts';
import { Resting, type RestStorage } from './resting.ts';

/** Lets logical clusters rest while there is nothing to do in them. */
export interface RestOptions {
  storage: RestStorage;
  /** Milliseconds without a write that matters, after which a cluster may rest. Default ten seconds. */
  afterMs?: number;
}

/** Clusters whose caches are filled at the same time. */
const opensAtOnce = 4;
/** Looks at the queues, one after another, that have to find them empty. */
const looks = 5;
const lookEveryMs = 10;

/** Milliseconds in which a write may not have become work yet. */
const underWayMs = 200;
/** Milliseconds after which what a cluster begins with is tried again. */
const againMs = 1_000;

interface Awake {
  manager: ClusterManager;
  /** Of the last write that mattered. Milliseconds since the epoch. */
  activity: number;
}

/**
 * The logical clusters that exist, and the controllers of those that are awake. One that rests costs nothing but its name:
 * a write that matters to a controller wakes it.
 */
export class Clusters {
  readonly #deps: ManagerDeps;
  readonly #resting: Resting | undefined;
  readonly #afterMs: number;
  readonly #awake = new Map<string, Awake>();
  readonly #known = new Set<string>();
  readonly #stop = new AbortController();
  /** Is what is under way for each cluster. */
  readonly #lanes = new Map<string, Promise<void>>();
  #opening = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(deps: ManagerDeps) {
    this.#deps = deps;
    const { rest, controllers, cloud } = deps;
    const here = controllers.filter((c) => c.isFor?.(cloud) ?? true);
    this.#resting = rest && new Resting(rest.storage, here);
    this.#afterMs = rest?.afterMs ?? 10_000;
  }

  /** The managers of those that are awake. */
  managers(): ClusterManager[] {
    return [...this.#awake.values()].map(({ manager }) => manager);
  }

  get(cluster: string): ClusterManager | undefined {
    return this.#awake.get(cluster)?.manager;
  }

  /** A cluster is there. It is woken unless it was at rest. */
  add(cluster: string): Promise<void> {
    if (this.#known.has(cluster)) return this.#lanes.get(cluster) ?? Promise.resolve();
    this.#known.add(cluster);
    return this.#inLane(cluster, async () => {
      if (await this.#begins(cluster)) await this.#open(cluster);
    });
  }

  /** Returns whether the controllers of a cluster have something to do in it, once it has all that it begins with. */
  async #begins(cluster: string): Promise<boolean> {
    const { env, clock, log } = this.#deps;
    while (this.#resting && cluster !== 'default' && this.#known.has(cluster))
      try {
        await env.fillCluster?.(cluster);
        return !(await this.#resting.isAtRest(cluster));
      } catch (error) {
        log.warn('a logical cluster could not begin', { cluster, error });
        await clock.sleep(againMs, this.#stop.signal);
      }
    return this.#known.has(cluster);
  }

  /** A cluster is going: its controllers stop. */
  remove(cluster: string): Promise<void> {
    this.#known.delete(cluster);
    return this.#inLane(cluster, () => this.#close(cluster));
  }

  /** Returns whether nothing is left to do in a cluster, as far as is known now. */
  isIdle(cluster: string): boolean {
    const awake = this.#awake.get(cluster);
    if (this.#lanes.has(cluster)) return false;
    return !awake || (awake.manager.depth === 0 && this.#deps.clock.now() - awake.activity > underWayMs);
  }

  /** Notes that a new cluster may rest, if nothing is in it that changes without a write. */
  async restIfStill(cluster: string): Promise<void> {
    if (await this.#resting?.isStill(cluster))
      await this.#resting!.mark(cluster, await this.#resting!.headsOf(cluster));
  }

  /** Something was written. */
  noticed(stored: Stored, deleted: boolean): void {
    const { cluster } = stored.key;
    if (!this.#resting?.matters({ stored, deleted })) return;
    const awake = this.#awake.get(cluster);
    if (awake) awake.activity = this.#deps.clock.now();
    else if (this.#known.has(cluster)) void this.wake(cluster);
  }

  /** Resolves when the controllers of the cluster work, if it is there. */
  wake(cluster: string): Promise<void> {
    if (this.#awake.has(cluster) && !this.#lanes.has(cluster)) return Promise.resolve();
    return this.#inLane(cluster, async () => {
      if (this.#known.has(cluster)) await this.#open(cluster);
    });
  }

  /** Has the controllers do all that is to be done in a cluster nobody uses yet, and stops them again. */
  async settle(cluster: string): Promise<void> {
    const manager = new ClusterManager(cluster, this.#deps);
    await manager.start();
    for (let empty = 0; empty < looks && !this.#stop.signal.aborted; ) {
      await this.#deps.clock.sleep(lookEveryMs, this.#stop.signal);
      empty = manager.depth === 0 ? empty + 1 : 0;
    }
    await manager.stop();
  }

  /** Puts clusters to rest until `stop`. */
  async keepResting(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#resting && !signal.aborted) {
      await this.#deps.clock.sleep(this.#afterMs, signal);
      for (const [cluster, { manager }] of [...this.#awake]) {
        if (signal.aborted) return;
        if (cluster === 'default' || manager.depth > 0 || !this.#isQuiet(cluster)) continue;
        await this.#putToRest(cluster).catch((error: unknown) =>
          this.#deps.log.warn('a logical cluster could not rest', { cluster, error }),
        );
      }
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#known.clear();
    for (const go of this.#waiting.splice(0)) go();
    await Promise.all([...this.#awake.keys()].map((cluster) => this.remove(cluster)));
    await Promise.all(this.#lanes.values());
  }

  #isQuiet(cluster: string): boolean {
    const awake = this.#awake.get(cluster);
    return !!awake && this.#deps.clock.now() - awake.activity >= this.#afterMs;
  }

  async #putToRest(cluster: string): Promise<void> {
    const resting = this.#resting!;
    // First the revisions: what is written after them is looked at again after a restart.
    const heads = await resting.headsOf(cluster);
    if (!(await resting.isStill(cluster))) return;
    await this.#inLane(cluster, async () => {
      const awake = this.#awake.get(cluster);
      if (!awake || !this.#isQuiet(cluster) || awake.manager.depth > 0) return;
      await this.#close(cluster);
      await resting.mark(cluster, heads);
    });
  }

  async #open(cluster: string): Promise<void> {
    if (this.#awake.has(cluster) || this.#stop.signal.aborted) return;
    if (this.#opening >= opensAtOnce && cluster !== 'default')
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#stop.signal.aborted || !this.#known.has(cluster)) return this.#waiting.shift()?.();
    this.#opening++;
    try {
      const manager = new ClusterManager(cluster, this.#deps);
      this.#awake.set(cluster, { manager, activity: this.#deps.clock.now() });
      await manager.start();
      // What every cluster has is looked after where clusters are.
      if (cluster !== 'default' && this.#resting)
        this.get('default')?.enqueue('logicalcluster-controller', { namespace: '', name: cluster });
    } finally {
      this.#opening--;
      this.#waiting.shift()?.();
    }
  }

  async #close(cluster: string): Promise<void> {
    const awake = this.#awake.get(cluster);
    this.#awake.delete(cluster);
    await awake?.manager.stop();
  }

  /** One thing at a time for each cluster. */
  #inLane(cluster: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#lanes.get(cluster) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      this.#deps.log.error('the controllers of a logical cluster could not be started', { cluster, error });
    });
    this.#lanes.set(cluster, done);
    return done.finally(() => {
      if (this.#lanes.get(cluster) === done) this.#lanes.delete(cluster);
    });
  }
}
