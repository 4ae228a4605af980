import type { ApiRequest, ApiResponse, Handle, Peer } from '../api/http/message.ts';
import type { ServedApi } from '../api/servedResources.ts';
import type { Clock } from '../clock/clock.ts';
import { deadline } from '../clock/deadline.ts';
import type { Turn } from '../meta/steps.ts';
import type { Client, Clients, OwnedKey } from './client.ts';
import { clientFrom, listed, parsed, type Send } from './fromRequests.ts';
import type { Exchange } from './http.ts';
import { parsedOnce } from './parsed.ts';
import { clusterPrefix, collectionPath, listQuery } from './paths.ts';

/** Describes who the callers in this process are. */
export interface InProcessUser {
  user: string;
  groups: string[];
}

const controllers: InProcessUser = { user: 'system:shallop:controllers', groups: ['system:masters'] };

/** Describes who has this owner: as Storage.owned answers it. */
export type Owned = (cluster: string, uid: string) => Promise<OwnedKey[]>;

/**
 * Clients that call the API's `handle` directly: the same verbs, checks and errors as over the network. With `turn` others
 * have theirs between two requests: what is asked here never waits for a socket.
 */
export function inProcessClients(api: ServedApi, owned: Owned, user = controllers, turn?: Turn): Clients {
  const known = new Map<string, Client>();
  const handle: Handle = (request) => {
    const wait = turn?.();
    return wait ? wait.then(() => api(request)) : api(request);
  };
  return (cluster) => {
    const prefix = clusterPrefix(cluster);
    const found = known.get(cluster) ?? {
      ...clientFrom(sendTo(handle, prefix, user)),
      list: listFrom(handle, prefix, user),
      owned: (uid) => owned(cluster, uid),
      resources: () => api.resources(cluster),
    };
    known.set(cluster, found);
    return found;
  };
}

/** Who an account of kube-system is, as which a controller of Kubernetes asks. */
export const systemAccount = (name: string): InProcessUser => ({
  user: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
});

/**
 * One exchange after the other with the API's `handle`, as this user. Each ends after a while and takes so many bytes, whoever it
 * asks.
 */
export function inProcessExchange(
  handle: Handle,
  clock: Clock,
  cluster: string,
  user: InProcessUser,
): Exchange {
  const exchange = exchangeWith(handle, clusterPrefix(cluster), user);
  return async (request) => {
    const { signal, done } = deadline(clock, patienceMs);
    try {
      return await exchange(request, signal, mostBytes);
    } finally {
      done();
    }
  };
}

const patienceMs = 30_000;
const mostBytes = 4 * 1024 * 1024;
const never = new AbortController().signal;

function sendTo(handle: Handle, prefix: string, user: InProcessUser): Send {
  const exchange = exchangeWith(handle, prefix, user);
  return async (method, path, body, contentType = 'application/json') => {
    const headers: Record<string, string> = body ? { 'content-type': contentType } : {};
    const bytes = body && Buffer.from(JSON.stringify(body));
    return parsed(await exchange({ method, path, headers, ...(bytes && { body: bytes }) }, never));
  };
}

/** Lists objects that were parsed before as they were: nobody modifies them. */
function listFrom(handle: Handle, prefix: string, internal: InProcessUser): Client['list'] {
  const peer = { address: 'in-process', internal, takesObjects: true };
  return async (resource, query = {}) => {
    const path = collectionPath(resource, query.namespace) + listQuery(query);
    const answer = await handle(requestOf({ method: 'GET', path, headers: {} }, prefix, peer, never));
    if (answer.objects) return parsedOnce(answer.objects);
    return listed(resource, parsed({ status: answer.status, body: await bytesOf(answer) })) as never;
  };
}

type Asked = Parameters<Exchange>[0];

function exchangeWith(handle: Handle, prefix: string, internal: InProcessUser) {
  const peer = { address: 'in-process', internal };
  return async (asked: Asked, signal: AbortSignal, most?: number) => {
    const answer = await handle(requestOf(asked, prefix, peer, signal));
    return { status: answer.status, body: await bytesOf(answer, most) };
  };
}

const requestOf = (
  { method, path, headers, body = empty }: Asked,
  prefix: string,
  peer: Peer,
  signal: AbortSignal,
): ApiRequest => ({
  method,
  target: prefix + path,
  header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
  headersBeginning: (start) => Object.entries(headers).filter(([name]) => name.startsWith(start)),
  body: () => body,
  peer,
  signal,
});

const empty = new Uint8Array();

async function bytesOf({ body }: ApiResponse, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw new Error(`the answer is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
