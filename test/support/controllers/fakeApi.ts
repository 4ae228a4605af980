import { storedResources } from '../../../src/shared/api/servedResources.ts';
import type { Client, Clients, DeleteQuery, ListQuery } from '../../../src/shared/client/client.ts';
import { type Clock, formatTime } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import { alreadyExists, conflict, notFound } from '../../../src/shared/errors/common.ts';
import { type Resource, resourceName } from '../../../src/shared/kinds/kind.ts';
import { kinds } from '../../../src/shared/kinds/registry.ts';
import type { Pod } from '../../../src/shared/kinds/schema/types.ts';
import type { AnyObject, KubeObject } from '../../../src/shared/meta/object.ts';
import type { Key, Storage } from '../../../src/shared/ports/storage.ts';

/**
 * Clients straight over a storage: the metadata rules that controllers depend on (uid, revision, generation, status
 * apart, grace, finalizers, binding) without HTTP, decoding or validation. For tests of this room only.
 */
export const fakeClients =
  (storage: Storage, clock: Clock, ids: Ids): Clients =>
  (cluster) =>
    new FakeClient(cluster, storage, clock, ids);

class FakeClient implements Client {
  readonly #cluster: string;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(cluster: string, storage: Storage, clock: Clock, ids: Ids) {
    this.#cluster = cluster;
    this.#storage = storage;
    this.#clock = clock;
    this.#ids = ids;
  }

  async get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string) {
    const stored = await this.#storage.get(this.#key(resource, namespace, name));
    return stored && (parse(stored.value) as unknown as T);
  }

  async list<T extends KubeObject>(resource: Resource<T>, query: ListQuery = {}): Promise<T[]> {
    const { items } = await this.#storage.list({
      cluster: this.#cluster,
      resource: resourceName(resource),
      ...(query.namespace !== undefined && { namespace: query.namespace }),
      ...(query.owner !== undefined && { owner: query.owner }),
    });
    return items.map(({ value }) => parse(value) as unknown as T);
  }

  async resources() {
    return storedResources(kinds);
  }

  owned(uid: string) {
    return this.#storage.owned(this.#cluster, uid);
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const name = object.metadata.name ?? `${object.metadata.generateName}${this.#ids.suffix(5)}`;
    const key = this.#key(resource, object.metadata.namespace ?? '', name);
    const made = structuredClone(object) as unknown as AnyObject;
    made.metadata.name = name;
    made.metadata.uid = this.#ids.uid();
    made.metadata.creationTimestamp = formatTime(this.#clock.now());
    if (made.spec) made.metadata.generation = 1;
    if (resource.kind === 'Pod') made.status = { phase: 'Pending' };
    try {
      const stored = await this.#storage.create(key, build(made), indexOf(made));
      return parse(stored.value) as unknown as T;
    } catch (error) {
      throw asApi(error, resource, name, 'AlreadyExists');
    }
  }

  update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#change(resource, object, (current) => {
      const { status: _, ...rest } = object as unknown as AnyObject;
      return bump(current, {
        ...rest,
        ...(current.status !== undefined && { status: current.status }),
      } as AnyObject);
    });
  }

  updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#change(resource, object, (current) => ({
      ...current,
      metadata: { ...current.metadata, annotations: object.metadata.annotations ?? {} },
      status: (object as unknown as AnyObject).status,
    }));
  }

  patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
    patch: object,
    _subresource?: string,
  ): Promise<T> {
    const { metadata } = patch as { metadata?: { resourceVersion?: string } };
    const target = { metadata: { namespace, name, ...metadata } } as T;
    return this.#change(resource, target, (current) => bump(current, merge(current, patch) as AnyObject));
  }

  async createSubresource(resource: Resource, namespace: string, name: string, sub: string, body: object) {
    if (sub !== 'binding') throw new Error(`no ${sub} here`);
    const { target } = body as { target: { name: string } };
    await this.#change(resource, { metadata: { namespace, name } }, (current) => {
      const pod = current as unknown as Pod;
      if (pod.spec?.nodeName) throw conflict({ group: '', plural: 'pods', name }, 'already assigned');
      const scheduled = {
        type: 'PodScheduled',
        status: 'True',
        lastTransitionTime: formatTime(this.#clock.now()),
      };
      return {
        ...current,
        spec: { ...pod.spec, nodeName: target.name },
        status: { ...pod.status, conditions: [scheduled] },
      };
    });
  }

  async delete(
    resource: Resource,
    namespace: string,
    name: string,
    options: DeleteQuery = {},
  ): Promise<void> {
    for (;;) {
      const key = this.#key(resource, namespace, name);
      const stored = await this.#storage.get(key);
      if (!stored) throw notFound({ ...resource, name });
      const current = parse(stored.value);
      if (options.uid && options.uid !== current.metadata.uid) throw conflict({ ...resource, name }, 'uid');
      const pod = current as unknown as Pod;
      const grace =
        resource.kind === 'Pod' && pod.spec?.nodeName
          ? (options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30)
          : 0;
      const finalizers = new Set(current.metadata.finalizers ?? []);
      if (options.propagationPolicy === 'Foreground') finalizers.add('foregroundDeletion');
      if (options.propagationPolicy === 'Orphan') finalizers.add('orphan');
      try {
        if (grace === 0 && finalizers.size === 0) {
          await this.#storage.delete(key, stored.revision, build(current));
          return;
        }
        if (current.metadata.deletionTimestamp) return;
        current.metadata.deletionTimestamp = formatTime(this.#clock.now() + grace * 1000);
        current.metadata.deletionGracePeriodSeconds = grace;
        if (finalizers.size > 0) current.metadata.finalizers = [...finalizers];
        await this.#storage.update(key, stored.revision, build(current), indexOf(current));
        return;
      } catch (error) {
        if (asApi(error, resource, name).reason !== 'Conflict') throw error;
      }
    }
  }

  async #change<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    make: (current: AnyObject) => AnyObject,
  ): Promise<T> {
    const { namespace = '', name = '', resourceVersion } = object.metadata;
    const key = this.#key(resource, namespace, name);
    for (;;) {
      const stored = await this.#storage.get(key);
      if (!stored) throw notFound({ ...resource, name });
      if (resourceVersion && resourceVersion !== stored.revision) throw conflict({ ...resource, name });
      const current = parse(stored.value);
      const next = make(structuredClone(current));
      if (JSON.stringify(next) === JSON.stringify(current)) return current as unknown as T;
      const gone =
        next.metadata.deletionTimestamp && !next.metadata.finalizers?.length && resource.kind !== 'Pod';
      try {
        const written = gone
          ? await this.#storage.delete(key, stored.revision, build(next))
          : await this.#storage.update(key, stored.revision, build(next), indexOf(next));
        return parse(written.value) as unknown as T;
      } catch (error) {
        if (asApi(error, resource, name).reason !== 'Conflict' || resourceVersion) throw error;
      }
    }
  }

  #key(resource: Resource, namespace: string, name: string): Key {
    return { cluster: this.#cluster, resource: resourceName(resource), namespace, name };
  }
}

const parse = (value: Uint8Array) => JSON.parse(new TextDecoder().decode(value)) as AnyObject;

const build = (object: AnyObject) => (resourceVersion: string) =>
  new TextEncoder().encode(JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion } }));

const indexOf = ({ metadata }: AnyObject) => ({ owners: (metadata.ownerReferences ?? []).map((o) => o.uid) });

const bump = (current: AnyObject, next: AnyObject): AnyObject => {
  if (next.metadata.generation && JSON.stringify(current.spec) !== JSON.stringify(next.spec))
    next.metadata = { ...next.metadata, generation: next.metadata.generation + 1 };
  return next;
};

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out = { ...(typeof target === 'object' && target !== null ? target : {}) } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (value !== undefined) out[key] = merge(out[key], value);
  }
  return out;
}

/** Storage errors carry the reason already. */
const asApi = (error: unknown, resource: Resource, name: string, _?: string) => {
  const reason = (error as { reason?: string }).reason;
  return reason === 'AlreadyExists'
    ? alreadyExists({ ...resource, name })
    : (error as ReturnType<typeof alreadyExists>);
};
