import type { Client } from '../../../src/shared/client/client.ts';
import {
  deployments,
  logicalClusters,
  pods,
  replicaSets,
  secrets,
  services,
} from '../../../src/shared/controllers/resources.ts';
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

  /** Lines for all objects of the prepared kind in a cluster, and the tasks and load balancers of its own. */
  async viewOf(cluster: string): Promise<string[]> {
    const { core } = this.#world.open();
    const client = core.clients(cluster);
    const line = (kind: string) => (object: KubeObject) =>
      `${kind} ${object.metadata.name} ${object.metadata.uid} ${object.metadata.resourceVersion}`;
    const all = await Promise.all([
      client.list(deployments).then((list) => list.map(line('deployment'))),
      client.list(replicaSets).then((list) => list.map(line('replicaset'))),
      client.list(pods).then((list) => list.map(line('pod'))),
      client.list(services).then((list) => list.map(line('service'))),
      client.list(secrets).then((list) => list.map(line('secret'))),
    ]);
    return all.flat().sort();
  }

  async #do(cluster: string, run: (client: Client) => Promise<unknown>): Promise<void> {
    await command(this.#world, cluster, run);
  }

  #pick(n: number): number {
    return Math.floor(this.#world.random() * n);
  }
}
