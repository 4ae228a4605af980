import type { ApiRequest, Handle } from '../api/http/message.ts';
import { ApiError, type Details } from '../errors/apiError.ts';
import { badRequest } from '../errors/common.ts';
import { httpCode, type Reason } from '../errors/reason.ts';
import { apiVersionOf, type Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Client, Clients, DeleteQuery, ListQuery } from './client.ts';

/** Who the callers in this process are: what controllers are in a real control plane. */
const caller = { user: 'system:kube-controller-manager', groups: ['system:masters'] };

/** Clients that call the API's `handle` in the same process: every rule of the API holds for controllers too. */
export const inProcessClients =
  (handle: Handle): Clients =>
  (cluster) =>
    new InProcessClient(handle, cluster);

class InProcessClient implements Client {
  readonly #handle: Handle;
  readonly #prefix: string;

  constructor(handle: Handle, cluster: string) {
    this.#handle = handle;
    this.#prefix = cluster === 'default' ? '' : `/clusters/${encodeURIComponent(cluster)}`;
  }

  async get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): Promise<T | undefined> {
    try {
      return await this.#call<T>('GET', pathOf(resource, namespace, name));
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'NotFound') return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(resource: Resource<T>, query: ListQuery = {}): Promise<T[]> {
    const parameters = new URLSearchParams();
    if (query.labelSelector) parameters.set('labelSelector', query.labelSelector);
    if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
    const path = pathOf(resource, query.namespace ?? '', '');
    const text = parameters.size ? `?${parameters}` : '';
    const { items } = await this.#call<{ items: T[] }>('GET', path + text);
    const typed = items.map((item) => ({ ...item, kind: resource.kind, apiVersion: apiVersionOf(resource) }));
    const { owner } = query;
    return owner
      ? typed.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner))
      : typed;
  }

  create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#call('POST', pathOf(resource, object.metadata.namespace ?? '', ''), object);
  }

  update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#call('PUT', objectPath(resource, object), object);
  }

  updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.#call('PUT', `${objectPath(resource, object)}/status`, object);
  }

  patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
    patch: object,
    subresource?: string,
  ): Promise<T> {
    const path = pathOf(resource, namespace, name) + (subresource ? `/${subresource}` : '');
    return this.#call('PATCH', path, patch, 'application/merge-patch+json');
  }

  async createSubresource(
    resource: Resource,
    namespace: string,
    name: string,
    subresource: string,
    body: object,
  ): Promise<void> {
    await this.#call('POST', `${pathOf(resource, namespace, name)}/${subresource}`, body);
  }

  async delete(resource: Resource, namespace: string, name: string, query: DeleteQuery = {}): Promise<void> {
    const { uid, resourceVersion, ...options } = query;
    const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
    await this.#call('DELETE', pathOf(resource, namespace, name), {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...options,
      ...(Object.keys(preconditions).length > 0 && { preconditions }),
    });
  }

  async #call<T>(
    method: string,
    target: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<T> {
    const response = await this.#handle(requestOf(method, this.#prefix + target, contentType, body));
    const value = JSON.parse(decoder.decode(await collect(response.body)));
    if (response.status >= 400) throw errorOf(value, response.status);
    return value as T;
  }
}

const pathOf = (resource: Resource, namespace: string, name: string): string => {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const scope = resource.namespaced && namespace ? `/namespaces/${namespace}` : '';
  return `${root}${scope}/${resource.plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
};

const objectPath = (resource: Resource, { metadata }: KubeObject): string =>
  pathOf(resource, metadata.namespace ?? '', metadata.name ?? '');

const never = new AbortController().signal;
const decoder = new TextDecoder();

function requestOf(method: string, target: string, contentType: string, body?: object): ApiRequest {
  const bytes = Buffer.from(body ? JSON.stringify(body) : '');
  return {
    method,
    target,
    header: (name) => (name === 'content-type' && body ? contentType : undefined),
    body: async (limit) => {
      if (bytes.length > limit) throw badRequest('the object is too large to be sent');
      return bytes;
    },
    peer: { address: '', internal: caller },
    signal: never,
  };
}

async function collect(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The ApiError that a Status tells of. */
function errorOf(status: { reason?: string; message?: string; details?: Details }, code: number): ApiError {
  const known = status.reason !== undefined && status.reason in httpCode;
  const reason = known ? (status.reason as Reason) : 'InternalError';
  return new ApiError(reason, status.message ?? `HTTP ${code}`, { details: status.details });
}
