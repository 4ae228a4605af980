import { ApiError, isReason } from '../errors/apiError.ts';
import { httpCode, type Reason } from '../errors/reason.ts';
import type { Status } from '../errors/status.ts';
import { apiVersionOf, type Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { RemoteClient } from './client.ts';
import { collectionPath, deleteOptions, listQuery, objectPath } from './paths.ts';

/** Sends one request and answers the parsed body. Throws ApiErrors. */
export type Send = (method: string, path: string, body?: object, contentType?: string) => Promise<unknown>;

const mergePatch = 'application/merge-patch+json';

/** The client's verbs over anything that carries requests. */
export function clientFrom(send: Send): RemoteClient {
  const place = ({ metadata: { namespace = '', name = '' } }: KubeObject) => [namespace, name] as const;
  return {
    get: async (resource, namespace, name) => {
      try {
        return (await send('GET', objectPath(resource, namespace, name))) as never;
      } catch (error) {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      }
    },
    list: async (resource, query = {}) => {
      const path = collectionPath(resource, query.namespace) + listQuery(query);
      return listed(resource, await send('GET', path)) as never;
    },
    create: async (resource, object) =>
      (await send('POST', collectionPath(resource, object.metadata.namespace), object)) as never,
    update: async (resource, object) =>
      (await send('PUT', objectPath(resource, ...place(object)), object)) as never,
    updateStatus: async (resource, object) =>
      (await send('PUT', objectPath(resource, ...place(object), 'status'), object)) as never,
    patch: async (resource, namespace, name, patch, subresource) =>
      (await send('PATCH', objectPath(resource, namespace, name, subresource), patch, mergePatch)) as never,
    createSubresource: async (resource, namespace, name, subresource, body) => {
      await send('POST', objectPath(resource, namespace, name, subresource), body);
    },
    delete: async (resource, namespace, name, options = {}) => {
      await send('DELETE', objectPath(resource, namespace, name), deleteOptions(options));
    },
  };
}

/** Returns the objects of a list, whose kind only the list says. */
export function listed(resource: Resource, answer: unknown): KubeObject[] {
  const [kind, apiVersion] = [resource.kind, apiVersionOf(resource)];
  return (answer as { items: KubeObject[] }).items.map((item) => ({ kind, apiVersion, ...item }));
}

/** Returns what an answer says. Throws the error that it speaks of. */
export function parsed({ status, body }: { status: number; body: Uint8Array }): unknown {
  const text = decoder.decode(body);
  if (status >= 400) throw errorOf(status, text);
  return JSON.parse(text);
}

const decoder = new TextDecoder();

/** The error that an answer speaks of. */
function errorOf(code: number, text: string): ApiError {
  const status = statusIn(text);
  const reason = isReasonName(status?.reason) ? status.reason : reasonOf(code);
  return new ApiError(reason, status?.message ?? (text.trim() || `the server answered ${code}`), {
    ...(status?.details && { details: status.details }),
  });
}

/** The Status that an answer is; undefined when it is something else. */
export function statusIn(text: string): Status | undefined {
  try {
    const value = JSON.parse(text);
    return value?.kind === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

const reasonOf = (code: number): Reason =>
  (Object.keys(httpCode) as Reason[]).find((reason) => httpCode[reason] === code) ?? 'InternalError';

const isReasonName = (text: string | undefined): text is Reason =>
  text !== undefined && Object.hasOwn(httpCode, text);
