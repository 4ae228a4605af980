import type { Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';

/**
 * The Kubernetes API for one logical cluster, as controllers use it. In process it calls the API's `handle`, elsewhere
 * HTTP. Reads may come from an informer's cache and be a moment old; writes are checked by resourceVersion, and names
 * of created children are derived, so a stale read costs a retry and never a surplus object.
 * Errors are ApiErrors with the server's reason.
 */
export interface Client {
  /** Undefined when there is no such object. Never modify the result: it may be shared. */
  get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): Promise<T | undefined>;
  /** In key order. Never modify the results. */
  list<T extends KubeObject>(resource: Resource<T>, query?: ListQuery): Promise<T[]>;
  create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>;
  /** Replaces; Conflict when metadata.resourceVersion is set and stale. */
  update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>;
  updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>;
  /** A merge patch; `subresource` is for example `status`. */
  patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
    patch: object,
    subresource?: string,
  ): Promise<T>;
  /** Posts to a subresource, for example `binding`. */
  createSubresource(
    resource: Resource,
    namespace: string,
    name: string,
    subresource: string,
    body: object,
  ): Promise<void>;
  /** Throws NotFound when it is gone already, Conflict when a precondition fails. */
  delete(resource: Resource, namespace: string, name: string, options?: DeleteQuery): Promise<void>;
  /**
   * Everything that has an owner reference to this UID, of whatever resource, in one question. As last written, never
   * from a cache. Not over HTTP, where Kubernetes has no such question.
   */
  owned(uid: string): Promise<OwnedKey[]>;
  /**
   * Every resource of the logical cluster that has stored objects, as discovery would list them: those of
   * CustomResourceDefinitions too, preferred versions first. The same array as long as nothing changes. Not over HTTP.
   */
  resources(): Promise<readonly ServedResource[]>;
  /**
   * Something that changes whenever a child of this owner is gone, as far as a cache remembers; 0 when it knows of
   * none. New children take it into their names, so that a name is not used twice.
   */
  lastDeletion?(resource: Resource, owner: string): number;
}

/** Describes what there is of a client outside the server's process. */
export type RemoteClient = Omit<Client, 'owned' | 'resources'>;

/** A resource with what may be done to it. */
export interface ServedResource extends Resource {
  verbs: readonly string[];
}

export interface OwnedKey {
  /** `pods`, `deployments.apps`. */
  resource: string;
  /** Empty for cluster-scoped resources. */
  namespace: string;
  name: string;
}

export interface ListQuery {
  /** All namespaces when absent. */
  namespace?: string;
  /** As in a request: `app=web,tier in (a,b)`. */
  labelSelector?: string;
  fieldSelector?: string;
  /** Only objects with an owner reference to this UID. */
  owner?: string;
}

export interface DeleteQuery {
  uid?: string;
  resourceVersion?: string;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  gracePeriodSeconds?: number;
}

/** Describes what looks only. */
export type Reader = Pick<Client, 'get' | 'list' | 'owned' | 'resources'>;

/** Clients by logical cluster. */
export type Clients = (cluster: string) => Client;
