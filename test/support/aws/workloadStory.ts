import type { Client } from '../../../src/shared/client/client.ts';
import {
  cronJobs,
  deployments,
  horizontalPodAutoscalers,
  jobs,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  services,
  statefulSets,
  storageClasses,
} from '../../../src/shared/controllers/resources.ts';
import type { Resource } from '../../../src/shared/kinds/kind.ts';
import type { JobSpec } from '../../../src/shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../src/shared/meta/object.ts';
import { command } from './command.ts';
import type { DeployedWorld } from './deployedWorld.ts';
import {
  autoscaler,
  budget,
  classOfVolumes,
  cronJobOf,
  guarded,
  guardedDeployment,
  headlessOf,
  jobOf,
  mostReplicas,
  mountOfData,
  programs,
  statefulSetOf,
} from './workloadObjects.ts';

const longestPauseMs = 20_000;
const namespace = 'default';
const sets = ['db', 'cache'];
const schedules = { 'allow-all': 'Allow', 'forbid-two': 'Forbid', 'replace-one': 'Replace' } as const;

/** What people do with Jobs, CronJobs, StatefulSets, budgets and autoscalers, and what befalls their tasks. */
export class WorkloadStory {
  /** How often each thing was done. */
  readonly done: Record<string, number> = {};
  readonly #world: DeployedWorld;
  #jobs = 0;

  constructor(world: DeployedWorld) {
    this.#world = world;
    for (const [image, behaviour] of Object.entries(programs)) world.cloud.ecs.setImage(image, behaviour);
  }

  /** What everything else needs, while nothing goes wrong. */
  async begin(): Promise<void> {
    const all: [Resource<KubeObject>, KubeObject][] = [
      [storageClasses, classOfVolumes],
      [deployments, guardedDeployment],
      [podDisruptionBudgets, budget],
      [horizontalPodAutoscalers, autoscaler],
    ];
    for (const [resource, object] of all) await this.#world.finish(this.#make(resource, object));
  }

  async tell(steps: number, { resyncs }: { resyncs: boolean }): Promise<void> {
    const world = this.#world;
    const acts = [this.#runJob(), this.#keepSet(), this.#schedule()];
    for (let step = 0; step < steps; step++) {
      await world.pass(this.#pick(longestPauseMs));
      acts.push(this.#act());
      if (resyncs && this.#pick(4) === 0) await world.resync(step, this.#pick(2) === 0);
    }
    await world.finish(Promise.all(acts));
    // Else it would never become quiet.
    for (const name of Object.keys(schedules))
      await world.finish(this.#patch(cronJobs, name, { spec: { suspend: true } }));
  }

  /** Everything goes that was ever made, in any order; the claims that StatefulSets leave behind too. */
  async end(): Promise<void> {
    const { clock } = this.#world;
    const some: Resource<KubeObject>[] = [jobs, cronJobs, statefulSets, deployments, podDisruptionBudgets];
    const kinds = [...some, services, horizontalPodAutoscalers];
    const emptied = [...kinds, persistentVolumeClaims].map(async (resource) => {
      await clock.sleep(this.#pick(4_000));
      await command(this.#world, 'default', (client) => removeAll(client, resource));
    });
    await this.#world.finish(Promise.all(emptied));
  }

  #act(): Promise<unknown> {
    const acts = [
      () => this.#runJob(),
      () => this.#runJob(),
      () => this.#schedule(),
      () => this.#keepSet(),
      () => this.#changeSet(),
      () => this.#changeSet(),
      () => this.#deletePod(),
      () => this.#interrupt(),
      () => this.#interrupt(),
      () => this.#evict(),
      () => this.#evict(),
      () => this.#scale(),
    ];
    return acts[this.#pick(acts.length)]!();
  }

  #runJob(): Promise<unknown> {
    const completions = 1 + this.#pick(5);
    const isIndexed = this.#pick(2) === 0;
    const waits = this.#pick(2) === 0;
    const spec: Partial<JobSpec> = {
      completions,
      parallelism: 1 + this.#pick(3),
      ...(isIndexed && { completionMode: 'Indexed' }),
      ...(waits && { podReplacementPolicy: 'Failed' }),
      ...(this.#pick(4) === 0 && { ttlSecondsAfterFinished: this.#pick(60) }),
    };
    const name = `job-${++this.#jobs}`;
    if (this.#pick(6) === 0) return this.#make(jobs, jobOf(name, 'work:bad', { ...spec, backoffLimit: 1 }));
    const image = this.#pick(2) === 0 ? 'work:quick' : 'work:slow';
    return this.#make(jobs, jobOf(name, image, spec));
  }

  async #schedule(): Promise<void> {
    const [name, policy] = this.#one(Object.entries(schedules));
    await this.#make(cronJobs, cronJobOf(name, policy));
    await this.#patch(cronJobs, name, { spec: { suspend: false } });
  }

  async #keepSet(): Promise<void> {
    const name = this.#one(sets);
    const policy = this.#one(['OrderedReady', 'Parallel'] as const);
    const whenScaled = this.#one(['Retain', 'Delete'] as const);
    await this.#make(services, headlessOf(name));
    await this.#make(statefulSets, statefulSetOf(name, 1 + this.#pick(3), policy, whenScaled));
  }

  #changeSet(): Promise<unknown> {
    const name = this.#one(sets);
    if (this.#pick(2) === 0) return this.#patch(statefulSets, name, { spec: { replicas: this.#pick(4) } });
    const image = this.#one(['db:1', 'db:2']);
    const containers = [{ name: 'c', image, volumeMounts: [mountOfData] }];
    return this.#patch(statefulSets, name, { spec: { template: { spec: { containers } } } });
  }

  /** Never by force: who does that is promised nothing. */
  #deletePod(): Promise<unknown> {
    return this.#do('deleted', async (client) => {
      const all = await client.list(pods, { namespace });
      if (all.length) await client.delete(pods, namespace, this.#one(all).metadata.name ?? '');
    });
  }

  async #interrupt(): Promise<void> {
    const { running, ecs } = this.#world.cloud;
    if (!running.length) return;
    this.#count('interrupted');
    ecs.stopTask(this.#one(running).taskArn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
  }

  #evict(): Promise<unknown> {
    return this.#do('evicted', async (client) => {
      const all = await client.list(pods, { namespace });
      const mine = all.filter(({ metadata }) => metadata.labels?.app === guarded);
      if (!mine.length) return;
      const chosen = this.#one(mine).metadata.name ?? '';
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: chosen, namespace } };
      await client.createSubresource(pods, namespace, chosen, 'eviction', body);
    });
  }

  #scale(): Promise<unknown> {
    return this.#patch(deployments, guarded, { spec: { replicas: 2 + this.#pick(mostReplicas + 2) } });
  }

  #make<T extends KubeObject>(resource: Resource<T>, object: T): Promise<boolean> {
    return this.#do(`made ${resource.plural}`, (client) => client.create(resource, object));
  }

  #patch(resource: Resource<KubeObject>, name: string, patch: object): Promise<boolean> {
    return this.#do(`changed ${resource.plural}`, (client) => client.patch(resource, namespace, name, patch));
  }

  async #do(what: string, run: (client: Client) => Promise<unknown>): Promise<boolean> {
    const isDone = await command(this.#world, 'default', run);
    if (isDone) this.#count(what);
    return isDone;
  }

  #count(what: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#pick(choices.length)]!;
  }

  #pick(n: number): number {
    return Math.floor(this.#world.random() * n);
  }
}

async function removeAll(client: Client, resource: Resource<KubeObject>): Promise<void> {
  for (const { metadata } of await client.list(resource, { namespace }))
    if (metadata.name !== 'kubernetes' && !metadata.deletionTimestamp)
      await client.delete(resource, namespace, metadata.name ?? '', { propagationPolicy: 'Background' });
}
