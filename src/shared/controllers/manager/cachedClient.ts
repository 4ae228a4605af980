import type { Client, DeleteQuery, ListQuery, OwnedKey, ServedResource } from '../../client/client.ts';
import { type Clock, formatTime } from '../../clock/clock.ts';
import { type Resource, resourceName } from '../../kinds/kind.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Informer } from './informer.ts';

/** Serves reads of watched resources from their caches; writes go to the API and show in the caches at once. */
export class CachedClient implements Client {
  readonly #api: Client;
  readonly #informers: ReadonlyMap<string, Informer>;
  readonly #clock: Clock;

  constructor(api: Client, informers: ReadonlyMap<string, Informer>, clock: Clock) {
    this.#api = api;
    this.#informers = informers;
    this.#clock = clock;
  }

  async get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string) {
    const informer = this.#full(resource);
    if (informer) return informer.cache.get(namespace, name) as T | undefined;
    return this.#api.get(resource, namespace, name);
  }

  /** From a cache: in no particular order. Selectors other than the owner are the API's to evaluate. */
  async list<T extends KubeObject>(resource: Resource<T>, query: ListQuery = {}): Promise<T[]> {
    const informer = this.#informers.get(resourceName(resource));
    const { namespace, owner, labelSelector, fieldSelector } = query;
    if (!informer || labelSelector || fieldSelector) return this.#api.list(resource, query);
    if (owner) {
      const owned = informer.cache.ownedBy(owner) as T[];
      return namespace === undefined ? owned : owned.filter((o) => o.metadata.namespace === namespace);
    }
    return isWhole(informer) ? (informer.cache.list(namespace) as T[]) : this.#api.list(resource, query);
  }

  owned(uid: string): Promise<OwnedKey[]> {
    return this.#api.owned(uid);
  }

  resources(): Promise<readonly ServedResource[]> {
    return this.#api.resources();
  }

  lastDeletion(resource: Resource, owner: string): number {
    return this.#informers.get(resourceName(resource))?.cache.lastDeletion(owner) ?? 0;
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#took(resource, await this.#api.create(resource, object));
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#took(resource, await this.#api.update(resource, object));
  }

  async updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#took(resource, await this.#api.updateStatus(resource, object));
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
    patch: object,
    subresource?: string,
  ): Promise<T> {
    const answer = await this.#api.patch(resource, namespace, name, patch, subresource);
    // A Scale is not the object.
    return subresource === 'scale' ? answer : this.#took(resource, answer);
  }

  async createSubresource(
    resource: Resource,
    namespace: string,
    name: string,
    subresource: string,
    body: object,
  ): Promise<void> {
    await this.#api.createSubresource(resource, namespace, name, subresource, body);
    if (subresource !== 'binding') return;
    const nodeName = (body as { target?: { name?: string } }).target?.name;
    this.#informers
      .get(resourceName(resource))
      ?.assume(namespace, name, (pod) => ({ ...pod, spec: { ...(pod as Pod).spec, nodeName } }) as Pod);
  }

  async delete(resource: Resource, namespace: string, name: string, options?: DeleteQuery): Promise<void> {
    await this.#api.delete(resource, namespace, name, options);
    const deletionTimestamp = formatTime(this.#clock.now());
    this.#informers
      .get(resourceName(resource))
      ?.assume(namespace, name, (known) =>
        known.metadata.deletionTimestamp || (options?.uid && options.uid !== known.metadata.uid)
          ? known
          : { ...known, metadata: { ...known.metadata, deletionTimestamp } },
      );
  }

  #full(resource: Resource): Informer | undefined {
    const informer = this.#informers.get(resourceName(resource));
    return informer && isWhole(informer) ? informer : undefined;
  }

  #took<T extends KubeObject>(resource: Resource<T>, object: T): T {
    this.#informers.get(resourceName(resource))?.wrote(object);
    return object;
  }
}

/** Its cache has every object: one of a definition that has just come has yet to be told of them. */
const isWhole = ({ lean, isBehind }: Informer): boolean => !lean && !isBehind;
