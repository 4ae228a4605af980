import type { ApiRequest, ApiResponse, Handle } from '../api/http/message.ts';
import type { ServedApi } from '../api/servedResources.ts';
import type { Client, Clients, OwnedKey } from './client.ts';
import { clientFrom, errorOf, type Send } from './fromRequests.ts';
import { clusterPrefix } from './paths.ts';

/** Describes who the callers in this process are. */
export interface InProcessUser {
  user: string;
  groups: string[];
}

const controllers: InProcessUser = { user: 'system:shallop:controllers', groups: ['system:masters'] };

/** Describes who has this owner: as Storage.owned answers it. */
export type Owned = (cluster: string, uid: string) => Promise<OwnedKey[]>;

/** Clients that call the API's `handle` directly: the same verbs, checks and errors as over the network. */
export function inProcessClients(api: ServedApi, owned: Owned, user: InProcessUser = controllers): Clients {
  const known = new Map<string, Client>();
  return (cluster) => {
    const found = known.get(cluster) ?? {
      ...clientFrom(sendTo(api, clusterPrefix(cluster), user)),
      owned: (uid) => owned(cluster, uid),
      resources: () => api.resources(cluster),
    };
    known.set(cluster, found);
    return found;
  };
}

const never = new AbortController().signal;

function sendTo(handle: Handle, prefix: string, internal: InProcessUser): Send {
  const peer = { address: 'in-process', internal };
  return async (method, path, body, contentType = 'application/json') => {
    const bytes = body ? Buffer.from(JSON.stringify(body)) : empty;
    const request: ApiRequest = {
      method,
      target: prefix + path,
      header: (name) => (name === 'content-type' && body ? contentType : undefined),
      headersBeginning: () => [],
      body: async () => bytes,
      peer,
      signal: never,
    };
    const answer = await handle(request);
    const text = await textOf(answer);
    if (answer.status >= 400) throw errorOf(answer.status, text);
    return JSON.parse(text);
  };
}

const empty = new Uint8Array();

async function textOf({ body }: ApiResponse): Promise<string> {
  if (body instanceof Uint8Array) return decoder.decode(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return decoder.decode(Buffer.concat(chunks));
}

const decoder = new TextDecoder();
