import type { Client } from '../../../src/shared/client/client.ts';
import {
  deployments,
  logicalClusters,
  pods,
  replicaSets,
  secrets,
  services,
} from '../../../src/shared/controllers/resources.ts';
import type { Resource } from '../../../src/shared/kinds/kind.ts';
import type { LogicalCluster } from '../../../src/shared/kinds/shallop.dev/v1/logicalcluster/types.ts';
import type { KubeObject } from '../../../src/shared/meta/object.ts';
import { command } from './command.ts';
import { clusterOf, containerOf, type Place, secretOf, serviceOf, workloadOf } from './deployedObjects.ts';
import type { DeployedWorld } from './deployedWorld.ts';

const placeIn = (cluster: string): Place => ({ cluster, namespace: 'default', name: 'web' });
const forkOf = (name: string, from: string): LogicalCluster => ({ ...clusterOf(name), spec: { base: from } });
/** The cluster that is prepared, and from which others begin. */
export const base = 'red';
export const replicas = 2;

/** What people do with a prepared logical cluster and with forks of it. */
export class ForkedStory {
  readonly #world: DeployedWorld;
  constructor(world: DeployedWorld) {
    this.#world = world;
  }

  /** A Deployment behind a load balancer, with a Secret. */
  async prepare(): Promise<void> {
    const place = placeIn(base);
    await this.#do('default', (c) => c.create(logicalClusters, clusterOf(base)));
    await this.#do(base, (c) => c.create(secrets, secretOf(place)));
    await this.#do(base, (c) => c.create(deployments, workloadOf(place, replicas)));
    await this.#do(base, (c) => c.create(services, serviceOf(place)));
  }

  fork(name: string, from: string): Promise<void> {
    return this.#do('default', (c) => c.create(logicalClusters, forkOf(name, from)));
  }

  drop(name: string): Promise<void> {
    return this.#do('default', (c) => c.delete(logicalClusters, '', name));
  }

  /** Something in a cluster changes, as the seed says. */
  change(cluster: string): Promise<void> {
    const { name, namespace } = placeIn(cluster);
    const patch = (spec: object) => this.#do(cluster, (c) => c.patch(deployments, namespace, name, { spec }));
    switch (this.#pick(5)) {
      case 0:
        return patch({ replicas: this.#pick(4) });
      case 1:
        return patch({ template: { spec: { containers: [containerOf(`app:${this.#pick(3)}`)] } } });
      case 2:
        return this.#do(cluster, (c) =>
          c.patch(secrets, namespace, 'key', { stringData: { value: `v${this.#pick(9)}` } }),
        );
      case 3:
        return this.#do(cluster, async (c) => {
          const all = await c.list(pods, { namespace });
          const pod = all[this.#pick(all.length)];
          if (pod) await c.delete(pods, namespace, pod.metadata.name ?? '');
        });
      default:
        return this.#do(cluster, (c) => c.delete(services, namespace, name));
    }
  }

  /** A line for each object of a cluster, as long as nobody writes it again. */
  async viewOf(cluster: string): Promise<string[]> {
    const client = this.#world.open().core.clients(cluster);
    const all = await Promise.all([deployments, replicaSets, pods, services, secrets].map(linesOf));
    return all.flat().sort();

    async function linesOf(resource: Resource<KubeObject>): Promise<string[]> {
      const list = await client.list(resource);
      return list.map(
        ({ metadata }) => `${resource.plural} ${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`,
      );
    }
  }

  async #do(cluster: string, run: (client: Client) => Promise<unknown>): Promise<void> {
    await command(this.#world, cluster, run);
  }

  #pick(n: number): number {
    return Math.floor(this.#world.random() * n);
  }
}
