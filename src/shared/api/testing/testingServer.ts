import type { AdmissionOptions } from '../../admission/options.ts';
import { admissionPlugins } from '../../admission/registry.ts';
import { clientCertificate, firstOf, internalPeer } from '../../auth/authenticate.ts';
import { rbacAuthorizer } from '../../auth/rbac/authorizer.ts';
import { policiesIn } from '../../auth/rbac/policies.ts';
import { policyFiller } from '../../bootstrap/index.ts';
import { inProcessClients } from '../../client/inProcess.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { kinds } from '../../kinds/registry.ts';
import { silentLogger } from '../../observability/logger.ts';
import { noMetrics } from '../../observability/metrics.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiRequest, ApiResponse, Handle, Peer } from '../http/message.ts';
import { createApi } from '../index.ts';
import type { ServedApi } from '../servedResources.ts';

export interface Answer {
  status: number;
  headers: ApiResponse['headers'];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface Send {
  headers?: Record<string, string>;
  /** Headers that may come several times. */
  lines?: readonly (readonly [name: string, value: string])[];
  body?: unknown;
  peer?: Partial<Peer>;
  signal?: AbortSignal;
}

/** Describes what is to be other than usual. */
type Changes = Partial<ApiDeps> & Pick<AdmissionOptions, 'mutatingPolicies' | 'webhooks'>;

/** An API over memory storage, with RBAC, its namespace `default` and its account. Requests are an administrator's. */
export async function testServer({ mutatingPolicies = false, webhooks, ...changes }: Changes = {}) {
  const clock = new ManualClock();
  const ids = seededIds(7);
  const storage = changes.storage ?? openMemoryStorage({ clock });
  const policyIn = policiesIn(storage, clock);
  const authorizer = rbacAuthorizer(policyIn);
  const deps: ApiDeps = {
    storage,
    kinds,
    clock,
    ids,
    log: silentLogger,
    metrics: noMetrics,
    authenticate: firstOf(internalPeer, clientCertificate),
    authorizer,
    fillPolicy: (cluster, group) => filler.fill(cluster, group),
    admission: admissionPlugins({
      ...{ storage, clock, ids, mutatingPolicies, rbac: { authorizer, policyIn } },
      ...(webhooks && { webhooks }),
    }),
    ...changes,
  };
  const handle: ServedApi = createApi(deps);
  const clients = inProcessClients(handle, async () => []);
  const filler = policyFiller(storage, clients);
  const send = sender(handle);
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'default' } } });
  await send('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  return { handle, deps, storage, clock, ids, send, open: opener(handle) };
}

const admin: Peer = {
  address: '127.0.0.1',
  certificate: { commonName: 'admin', organizations: ['system:masters'] },
};

const requestOf = (
  line: string,
  { headers = {}, lines = [], body, peer = admin, signal }: Send,
): ApiRequest => {
  const [method = '', target = ''] = line.split(' ');
  const bytes =
    body instanceof Uint8Array
      ? body
      : Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method,
    target,
    header: (name) => headers[name],
    headersBeginning: (prefix) =>
      [...Object.entries(headers), ...lines].filter(([name]) => name.startsWith(prefix)),
    body: async () => bytes,
    peer: { address: '127.0.0.1', ...peer },
    signal: signal ?? new AbortController().signal,
  };
};

/** Sends `POST /api/v1/…` and reads the whole answer. */
export const sender =
  (handle: Handle) =>
  async (line: string, options: Send = {}): Promise<Answer> => {
    const { status, headers, body } = await handle(requestOf(line, options));
    const chunks: Uint8Array[] = [];
    if (body instanceof Uint8Array) chunks.push(body);
    else for await (const chunk of body) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    return { status, headers, text, json: parsed(text) };
  };

const parsed = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Opens a watch and answers its events one by one. */
const opener =
  (handle: Handle) =>
  async (line: string, options: Send = {}) => {
    const end = new AbortController();
    const answer = await handle(requestOf(line, { ...options, signal: end.signal }));
    if (answer.body instanceof Uint8Array) throw new Error(Buffer.from(answer.body).toString());
    const lines = answer.body[Symbol.asyncIterator]();
    return {
      answer,
      next: async () => {
        const { value, done } = await lines.next();
        return done ? undefined : JSON.parse(Buffer.from(value).toString());
      },
      close: async () => {
        end.abort();
        await lines.return?.();
      },
    };
  };
