import type { Key, Storage, Stored } from '../../ports/storage.ts';
import type { Controller } from '../controller.ts';
import { unmoved } from './queue/rest.ts';
import { type Routes, routesOf } from './queue/routes.ts';
import { isWatched, itemOf } from './source.ts';

/** Describes what deciding about rest reads and writes. */
export type RestStorage = Pick<Storage, 'get' | 'create' | 'update' | 'list' | 'heads'>;

/** No kind has this resource, so no request reaches it. */
export const restMark = (cluster: string): Key => ({
  cluster,
  resource: 'rest.internal',
  namespace: '',
  name: 'mark',
});

/** By resource: the revision at which nothing was left to do. */
export type RestHeads = Record<string, string>;

/** Only writes change these too, in a process that hears of every write. */
const stillHere: ReadonlySet<string> = new Set([
  ...unmoved,
  'clusterroles.rbac.authorization.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'gatewayclasses.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'referencegrants.gateway.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
]);
/** Is what no controller watches, and time removes. */
const aging = ['events'];

const page = 500;

/** Tells which logical clusters may keep still: those for which no controller has work until somebody writes. */
export class Resting {
  readonly #storage: RestStorage;
  readonly #routes: Routes;
  /** Resources whose objects keep their cluster awake. */
  readonly #moving: string[];

  constructor(storage: RestStorage, controllers: readonly Controller[]) {
    this.#storage = storage;
    this.#routes = routesOf(controllers.filter(({ defaultClusterOnly }) => !defaultClusterOnly));
    const moved = [...this.#routes.byResource]
      .filter(([resource, routes]) => !stillHere.has(resource) && routes.some(({ watch }) => !watch.lean))
      .map(([resource]) => resource);
    this.#moving = [...moved, ...aging];
  }

  /** Returns whether a controller has to look at what was written. */
  matters({ stored, deleted }: { stored: Stored; deleted: boolean }): boolean {
    const { resource } = stored.key;
    if (resource.endsWith('.internal')) return false;
    const own = this.#routes.byResource.get(resource) ?? [];
    const item = itemOf(stored);
    if (own.some(({ watch }) => isWatched(watch, item))) return true;
    const everywhere = this.#routes.everywhere.some(({ watch }) => !watch.except.includes(resource));
    return (own.length > 0 || everywhere) && (deleted || item.notable());
  }

  /** Returns whether nothing is in the cluster that changes without a write. */
  async isStill(cluster: string): Promise<boolean> {
    for (const resource of this.#moving) {
      // Those of the API itself and of DNS are in every cluster.
      const limit = resource === 'services' ? 3 : 1;
      const { items } = await this.#storage.list({ cluster, resource }, { limit });
      if (items.some((item) => !isOwn(item))) return false;
    }
    for (const resource of (await this.#storage.heads(cluster)).keys())
      for await (const item of this.#items(cluster, resource))
        if (item.notable() && item.parse().metadata.deletionTimestamp) return false;
    return true;
  }

  /** The revisions to mark once the cluster is at rest. */
  async headsOf(cluster: string): Promise<RestHeads> {
    const heads = [...(await this.#storage.heads(cluster))];
    return Object.fromEntries(heads.filter(([resource]) => !resource.endsWith('.internal')));
  }

  async mark(cluster: string, heads: RestHeads): Promise<void> {
    const value = Buffer.from(JSON.stringify(heads));
    const found = await this.#storage.get(restMark(cluster));
    if (found) await this.#storage.update(found.key, found.revision, () => value);
    else await this.#storage.create(restMark(cluster), () => value);
  }

  /** Returns whether the cluster was at rest when it was last looked at, and nothing written since matters. */
  async isAtRest(cluster: string): Promise<boolean> {
    const mark = await this.#storage.get(restMark(cluster));
    if (!mark || mark.writtenIn !== undefined) return false;
    const marked = JSON.parse(Buffer.from(mark.value).toString()) as RestHeads;
    for (const [resource, head] of Object.entries(await this.headsOf(cluster)))
      if (marked[resource] !== head && !(await this.#onlyAdded(cluster, resource, head, marked[resource])))
        return false;
    return true;
  }

  /** Returns whether all that happened since was that objects came or changed, each once, that are nobody's work. */
  async #onlyAdded(cluster: string, resource: string, head: string, since?: string): Promise<boolean> {
    let oldest = Number.POSITIVE_INFINITY;
    let count = 0;
    for await (const item of this.#stored(cluster, resource)) {
      const revision = Number(item.revision);
      if (item.writtenIn !== undefined || revision <= Number(since ?? 0)) continue;
      if (this.matters({ stored: item, deleted: false })) return false;
      oldest = Math.min(oldest, revision);
      count++;
    }
    return count === Number(head) - (since === undefined ? oldest - 1 : Number(since));
  }

  async *#items(cluster: string, resource: string) {
    for await (const stored of this.#stored(cluster, resource)) yield itemOf(stored);
  }

  async *#stored(cluster: string, resource: string): AsyncGenerator<Stored> {
    let cursor: string | undefined;
    do {
      const found = await this.#storage.list(
        { cluster, resource },
        { limit: page, ...(cursor && { cursor }) },
      );
      yield* found.items;
      cursor = found.cursor;
    } while (cursor);
  }
}

const isOwn = ({ key: { resource, namespace, name } }: Stored): boolean =>
  resource === 'services' &&
  ((namespace === 'default' && name === 'kubernetes') ||
    (namespace === 'kube-system' && name === 'kube-dns'));
