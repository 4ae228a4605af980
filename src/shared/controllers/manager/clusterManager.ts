import type { Client } from '../../client/client.ts';
import { isReason } from '../../errors/apiError.ts';
import { isNamespaceGoing } from '../../errors/common.ts';
import { withSteps } from '../../errors/steps.ts';
import { type Resource, resourceName } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Controller, EventRecorder, ObjectKey, Watch, WorkKey } from '../controller.ts';
import { createRecorder, type Recorder } from '../events/recorder.ts';
import { customResourceDefinitions } from '../resources.ts';
import { Backoff } from './backoff.ts';
import { CachedClient } from './cachedClient.ts';
import type { ManagerDeps } from './index.ts';
import { Informer } from './informer.ts';
import { inTurn } from './inTurn.ts';
import { withNamedSteps } from './namedSteps.ts';
import { type Outcome, WorkQueue } from './workQueue.ts';

/** So often it is tried to find out what a change leads to, over some 13 seconds. */
const mostLooks = 8;

/** The informers and work queues of one logical cluster. */
export class ClusterManager {
  readonly client: Client;
  readonly #cluster: string;
  readonly #deps: ManagerDeps;
  readonly #controllers: Controller[];
  readonly #informers = new Map<string, Informer>();
  readonly #queues = new Map<string, WorkQueue>();
  readonly #recorder: Recorder;
  readonly #stop = new AbortController();
  /** Ends one informer each. */
  readonly #ends = new Map<string, AbortController>();
  /** Watches of what may be served one day. */
  readonly #awaited: { controller: Controller; watch: Watch }[] = [];
  /** Is what is watched because it is served, and whether nobody watches it otherwise. */
  readonly #everything = new Map<string, { isAlone: boolean }>();
  readonly #served = inTurn(
    () => this.#watchServed(),
    (error) => this.#deps.log.warn('looking for new resources failed', { cluster: this.#cluster, error }),
  );
  #isStarted = false;
  #running: Promise<unknown>[] = [];

  constructor(cluster: string, deps: ManagerDeps) {
    this.#cluster = cluster;
    this.#deps = deps;
    this.#controllers = deps.controllers.filter(
      (c) => (!c.defaultClusterOnly || cluster === 'default') && (c.isFor?.(deps.cloud) ?? true),
    );
    const api = deps.clients(cluster);
    this.client = new CachedClient(api, this.#informers, deps.clock);
    this.#recorder = createRecorder({ client: api, clock: deps.clock, log: deps.log });
    for (const controller of this.#controllers) this.#queues.set(controller.name, this.#queueOf(controller));
    for (const controller of this.#controllers)
      for (const watch of controller.watches) {
        if (watch.whenServed) this.#awaited.push({ controller, watch });
        else this.#subscribe(controller, watch);
      }
    if (this.#followsServed)
      this.#informerOf(customResourceDefinitions).onAnything(() => this.#served.look());
  }

  /** Resolves when every cache has its first snapshot and work has begun. */
  async start(): Promise<void> {
    const { signal } = this.#stop;
    this.#served.look();
    await this.#served.settled();
    this.#isStarted = true;
    for (const name of this.#informers.keys()) this.#run(name);
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([Promise.all([...this.#informers.values()].map((i) => i.synced)), aborted]);
    if (signal.aborted) return;
    for (const controller of this.#controllers) {
      for (const key of controller.always?.(this.#deps.cloud) ?? []) this.enqueue(controller.name, key);
      this.#queues.get(controller.name)!.open();
    }
  }

  enqueue(controller: string, { namespace, name }: ObjectKey): void {
    this.#queues.get(controller)?.add(`${namespace}/${name}`);
  }

  /** Offers everything again: what a lost event or an unknown outside change delayed is found. */
  resync(): void {
    this.#served.look();
    for (const informer of this.#informers.values()) informer.resync();
    for (const controller of this.#controllers)
      for (const key of controller.always?.(this.#deps.cloud) ?? []) this.enqueue(controller.name, key);
  }

  /** Records an Event under a component's name, for what happens outside a reconcile. */
  recorder(component: string): EventRecorder {
    return this.#recorder.for(component);
  }

  /** Resolves when reconciles under way have ended and Events are written. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#served.settled();
    await Promise.all([...this.#queues.values()].map((queue) => queue.stop()));
    await this.#recorder.stop();
    await Promise.all(this.#running);
  }

  /** Keys that wait or run: 0 when there is nothing to do. */
  get depth(): number {
    let depth = 0;
    for (const queue of this.#queues.values()) depth += queue.depth;
    return depth;
  }

  get #followsServed(): boolean {
    return this.#awaited.length > 0 || this.#controllers.some(({ watchesAll }) => watchesAll);
  }

  #run(name: string): void {
    const informer = this.#informers.get(name)!;
    const end = new AbortController();
    this.#ends.set(name, end);
    this.#running.push(informer.run(AbortSignal.any([end.signal, this.#stop.signal])));
  }

  /** Has what is served now watched by those who watch everything or wait for it, and what is served no more forgotten. */
  async #watchServed(): Promise<void> {
    const watching = this.#controllers.filter(({ watchesAll }) => watchesAll);
    if (!this.#followsServed || this.#stop.signal.aborted) return;
    const served = new Map((await this.client.resources()).map((each) => [resourceName(each), each]));
    for (const [name, resource] of served) {
      if (this.#everything.has(name)) continue;
      const isNew = !this.#informers.has(name);
      for (const controller of watching)
        if (!controller.watchesAll!.except.includes(name))
          this.#subscribe(controller, { resource, lean: true, keys: controller.watchesAll!.keys });
      for (const { controller, watch } of this.#awaited)
        if (resourceName(watch.resource) === name) this.#subscribe(controller, watch);
      this.#everything.set(name, { isAlone: isNew });
      const informer = this.#informers.get(name);
      if (!isNew || !informer || !this.#isStarted) continue;
      informer.isBehind = true;
      this.#run(name);
    }
    for (const [name, { isAlone }] of this.#everything) {
      if (served.has(name)) continue;
      this.#everything.delete(name);
      if (!isAlone) continue;
      this.#ends.get(name)?.abort();
      this.#informers.delete(name);
    }
  }

  #informerOf(resource: Resource): Informer {
    const name = resourceName(resource);
    let informer = this.#informers.get(name);
    if (!informer) {
      const { source, clock, log } = this.#deps;
      informer = new Informer(resource, { source, clock, log, cluster: this.#cluster });
      this.#informers.set(name, informer);
    }
    return informer;
  }

  #subscribe(controller: Controller, watch: Watch): void {
    const informer = this.#informerOf(watch.resource);
    if (!watch.lean) informer.lean = false;
    if (watch.named) informer.named.add(watch.named);
    if (watch.holding) informer.holding.add(watch.holding);
    const resource = resourceName(watch.resource);
    const queue = this.#queues.get(controller.name)!;
    const add = ({ namespace, name }: ObjectKey) => queue.add(`${namespace}/${name}`);
    const { client } = this;
    informer.onChange((object: KubeObject, old: KubeObject | undefined, deleted: boolean) => {
      const find = () => watch.keys(object, old, { resource, deleted, client });
      const keys = find();
      if (Array.isArray(keys)) for (const key of keys) add(key);
      else void this.#addFound(keys, find, controller.name, add);
    });
  }

  /** Adds the keys of a change. Those that cannot be found out are looked for again: no other change may come for long. */
  async #addFound(
    first: Promise<ObjectKey[]>,
    find: () => ObjectKey[] | Promise<ObjectKey[]>,
    controller: string,
    add: (key: ObjectKey) => void,
  ): Promise<void> {
    const { log, clock } = this.#deps;
    const { signal } = this.#stop;
    const backoff = new Backoff(50);
    for (let tries = 0; tries < mostLooks && !signal.aborted; tries++)
      try {
        return (await (tries ? find() : first)).forEach(add);
      } catch (error) {
        log.error('mapping a change to work failed', { controller, error });
        await clock.sleep(backoff.next(''), signal);
      }
  }

  #queueOf(controller: Controller): WorkQueue {
    const { clock, cloud, ids, env } = this.#deps;
    const log = this.#deps.log.with({ controller: controller.name, cluster: this.#cluster });
    const ctx = withNamedSteps({
      client: this.client,
      cloud,
      clock,
      ids,
      env,
      log,
      events: this.#recorder.for(controller.name),
    });
    return new WorkQueue(clock, controller.concurrency ?? 16, async (text): Promise<Outcome> => {
      const slash = text.indexOf('/');
      const key: WorkKey = {
        cluster: this.#cluster,
        namespace: text.slice(0, slash),
        name: text.slice(slash + 1),
      };
      try {
        const result = await controller.reconcile(key, ctx);
        if (!result || !('wake' in result)) return result ?? 'done';
        for (const other of result.wake) this.enqueue(controller.name, other);
        return 'done';
      } catch (error) {
        // What is still missing in a namespace that goes away shall not come any more.
        if (key.namespace && isNamespaceGoing(error)) return 'done';
        // Someone else was faster: expected under concurrency, and settled by reading again.
        if (!isReason(error, 'Conflict'))
          log.warn('reconcile failed', { key: text, error: withSteps(error) });
        return { error };
      }
    });
  }
}
