import type { Client } from '../../../src/shared/client/client.ts';
import {
  deployments,
  logicalClusters,
  namespaces,
  pods,
  secrets,
  services,
} from '../../../src/shared/controllers/resources.ts';
import type { Resource } from '../../../src/shared/kinds/kind.ts';
import type { KubeObject } from '../../../src/shared/meta/object.ts';
import { command } from './command.ts';
import {
  clusterOf,
  containerOf,
  namespaceOf,
  type Place,
  places,
  secretOf,
  serviceOf,
  workloadOf,
} from './deployedObjects.ts';
import type { DeployedWorld } from './deployedWorld.ts';

const longestPauseMs = 6_000;
const stops = [
  ['SpotInterruption', 'Your Spot Task was interrupted.'],
  ['UserInitiated', 'by hand'],
  ['EssentialContainerExited', 'Essential container in task exited'],
] as const;

/** What people do by kubectl, and what befalls their tasks, in an order and at times that the seed says. */
export class DeployedStory {
  readonly #world: DeployedWorld;
  readonly #places: readonly Place[];

  constructor(world: DeployedWorld) {
    this.#world = world;
    const [first, ...more] = places;
    this.#places = [first!, ...more.filter(() => this.#pick(3) === 0)];
  }

  /** `resyncs`: as often as the seed says, of everything or of what is always looked at. */
  async tell(steps: number, { resyncs }: { resyncs: boolean }): Promise<void> {
    const world = this.#world;
    // A new logical cluster gets its Nodes by a resync.
    const here = this.#places.filter(({ cluster }) => resyncs || cluster === 'default');
    const acts = here.map((place) => this.#settle(place, 3));
    await world.pass(this.#pick(longestPauseMs));
    for (let step = 0; step < steps; step++) {
      acts.push(this.#change(here[this.#pick(here.length)]!));
      await world.pass(this.#pick(longestPauseMs));
      if (resyncs && this.#pick(6) === 0) await world.resync(step, this.#pick(2) === 0);
    }
    await world.finish(Promise.all(acts));
    world.become('calm');
    // Without it Pods would wait for ever.
    await world.finish(Promise.all(this.#places.map((place) => this.#make(place, secrets, secretOf(place)))));
  }

  /** Everything goes that was ever made, in any order. */
  async end(): Promise<void> {
    const acts = this.#places
      .flatMap((place) => [
        () => this.#remove(place, deployments, place.name),
        () => this.#remove(place, services, place.name),
        () => this.#remove(place, secrets, 'key'),
        () => this.#removeAround(place),
      ])
      .map((act) => ({ act, at: this.#pick(4_000) }))
      .sort((a, b) => a.at - b.at);
    const { clock } = this.#world;
    await this.#world.finish(Promise.all(acts.map(({ act, at }) => clock.sleep(at).then(act))));
  }

  async #change(place: Place): Promise<void> {
    const { namespace, name } = place;
    const patch = (object: object) => this.#do(place, (c) => c.patch(deployments, namespace, name, object));
    switch (this.#pick(11)) {
      case 0:
        return patch({ spec: { replicas: this.#pick(5) } });
      case 1:
      case 2:
        return patch({ spec: { template: { spec: { containers: [containerOf(`app:${this.#pick(3)}`)] } } } });
      case 3:
      case 4:
        return this.#do(place, async (client) => {
          const all = await client.list(pods, { namespace });
          const pod = all[this.#pick(all.length)];
          const grace = this.#pick(2) === 0 ? { gracePeriodSeconds: 0 } : {};
          if (pod) await client.delete(pods, namespace, pod.metadata.name ?? '', grace);
        });
      case 5:
        return this.#hurry(place);
      case 6: {
        const { running, ecs } = this.#world.cloud;
        const task = running[this.#pick(running.length)];
        const [code, reason] = stops[this.#pick(stops.length)]!;
        if (task) ecs.stopTask(task.taskArn ?? '', code, reason);
        return;
      }
      case 7:
        return this.#pick(2) === 0
          ? this.#remove(place, deployments, name)
          : this.#settle(place, 1 + this.#pick(3));
      case 8:
        return this.#pick(2) === 0 ? this.#remove(place, services, name) : this.#settle(place, 2);
      case 9:
        return this.#do(place, (c) =>
          c.patch(secrets, namespace, 'key', { stringData: { value: `v${this.#pick(9)}` } }),
        );
      default:
        return this.#pick(3) === 0 ? this.#removeAround(place) : this.#settle(place, 2);
    }
  }

  /** Pods that do not start at once are deleted by force, so perhaps while somebody starts them. */
  async #hurry(place: Place): Promise<void> {
    const { namespace, name } = place;
    await this.#do(place, (c) => c.patch(deployments, namespace, name, { spec: { replicas: 4 } }));
    for (let look = 0; look < 8; look++) {
      await this.#do(place, async (client) => {
        const all = await client.list(pods, { namespace });
        for (const { metadata, spec, status } of all)
          if (spec?.nodeName && status?.phase === 'Pending')
            await client.delete(pods, namespace, metadata.name ?? '', { gracePeriodSeconds: 0 });
      });
      await this.#world.clock.sleep(this.#pick(600));
    }
  }

  /** As `kubectl create` of all files: what is there stays as it is. */
  async #settle(place: Place, replicas: number): Promise<void> {
    const { cluster, namespace } = place;
    const home = { ...place, cluster: 'default' };
    if (cluster !== 'default') await this.#make(home, logicalClusters, clusterOf(cluster));
    if (namespace !== 'default') await this.#make(place, namespaces, namespaceOf(namespace));
    await this.#make(place, secrets, secretOf(place));
    await this.#make(place, deployments, workloadOf(place, replicas));
    await this.#make(place, services, serviceOf(place));
  }

  #make<T extends KubeObject>(place: Place, resource: Resource<T>, object: T): Promise<void> {
    return this.#do(place, (client) => client.create(resource, object));
  }

  #remove(place: Place, resource: Resource<KubeObject>, name: string): Promise<void> {
    const policies = ['Background', 'Foreground'] as const;
    const propagationPolicy = policies[this.#pick(2)]!;
    return this.#do(place, (c) => c.delete(resource, place.namespace, name, { propagationPolicy }));
  }

  /** Its namespace or logical cluster, with everything in it. */
  async #removeAround({ cluster, namespace }: Place): Promise<void> {
    const home = places[0]!;
    if (cluster !== 'default') await this.#do(home, (c) => c.delete(logicalClusters, '', cluster));
    else if (namespace !== 'default') await this.#do(home, (c) => c.delete(namespaces, '', namespace));
  }

  async #do({ cluster }: Place, run: (client: Client) => Promise<unknown>): Promise<void> {
    await command(this.#world, cluster, run);
  }

  #pick(n: number): number {
    return Math.floor(this.#world.random() * n);
  }
}
