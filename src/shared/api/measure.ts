import type { User } from '../auth/user.ts';
import type { RequestLabels } from '../observability/metrics.ts';
import type { AuditedRefusal } from './auditTrail.ts';
import type { ApiDeps, AuditEntry } from './deps.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { ResourceRoute } from './route.ts';

/** Describes what is known of a request for its metrics and its audit line. */
export interface Seen {
  request: ApiRequest;
  /** Names it in the audit log and in the answer. Empty within the process. */
  auditId: string;
  verb: string;
  cluster?: string;
  user?: User;
  actingAs?: string;
  route?: ResourceRoute;
  /** What the route names is there, with its verb. */
  isServed?: boolean;
  /** Is what admission plugins wrote into the audit line. */
  annotations?: Record<string, string>;
  /** Set where account is kept of the request. */
  audited?: AuditedRefusal;
  /** Headers of every answer to it, whatever becomes of it. */
  headers?: Record<string, string>;
  /** Milliseconds since the epoch. */
  start: number;
}

/** The answer, counted: at once, or for a watch when its stream ends. */
export function measured(deps: ApiDeps, seen: Seen, given: ApiResponse): ApiResponse {
  const told = withHeaders(given, seen);
  const answer = seen.audited?.answered(told, seen.annotations) ?? told;
  const { status, body } = answer;
  if (seen.route?.verb !== 'watch' || body instanceof Uint8Array) {
    count(deps, seen, status);
    return answer;
  }
  return { ...answer, body: counted(body, () => count(deps, seen, status)) };
}

function withHeaders(given: ApiResponse, { auditId, headers }: Seen): ApiResponse {
  if (!auditId) return headers ? { ...given, headers: { ...given.headers, ...headers } } : given;
  const { status, body, upgrade } = given;
  const told: ApiResponse = { status, headers: { 'audit-id': auditId, ...given.headers, ...headers }, body };
  if (upgrade) told.upgrade = upgrade;
  return told;
}

function count(deps: ApiDeps, seen: Seen, status: number): void {
  const { verb, route, isServed, start } = seen;
  // What clients make up must not become a label: there would be no end of them.
  const of = isServed ? route : undefined;
  const now = deps.clock.now();
  const labels: RequestLabels = {
    verb: verbs.get(route?.verb ?? verb) ?? 'OTHER',
    group: of?.group ?? '',
    version: of?.version ?? '',
    resource: of?.plural ?? '',
    subresource: of?.subresource ?? '',
    code: status,
  };
  deps.metrics.request(labels, (now - start) / 1000);
  if (deps.audit) deps.audit(entryOf(seen, status, now));
}

/** As labels have them: those of Kubernetes, and HTTP's methods, which over HTTP/2 may be any word. */
const verbs = new Map(
  'get list watch create update patch delete deletecollection head options post put connect'
    .split(' ')
    .map((verb) => [verb, verb.toUpperCase()]),
);

/** Adds something to the audit line. The first value of a key stays. */
export function annotate(seen: Seen, key: string, value: string): void {
  seen.annotations ??= Object.create(null) as Record<string, string>;
  if (!Object.hasOwn(seen.annotations, key)) seen.annotations[key] = value;
}

function entryOf(seen: Seen, code: number, now: number): AuditEntry {
  const { request, verb, cluster, user, actingAs, route, start } = seen;
  const userAgent = request.header('user-agent');
  return {
    ...(user && { user }),
    ...(actingAs && { actingAs }),
    ...(cluster && { cluster }),
    verb: route?.verb ?? verb,
    ...(route && whatOf(route)),
    path: request.target.split('?', 1)[0]!,
    code,
    milliseconds: now - start,
    address: request.peer.address,
    ...(userAgent && { userAgent }),
    ...(seen.annotations && { annotations: seen.annotations }),
  };
}

const whatOf = ({ group, version, plural, subresource, namespace, name }: ResourceRoute) => ({
  resource: { group, version, plural, ...(subresource && { subresource }) },
  ...(namespace && { namespace }),
  ...(name && { name }),
});

async function* counted(body: AsyncIterable<Uint8Array>, done: () => void) {
  try {
    yield* body;
  } finally {
    done();
  }
}
