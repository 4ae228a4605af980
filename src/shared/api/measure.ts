import type { User } from '../auth/user.ts';
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
  const { auditId } = seen;
  const told =
    auditId || seen.headers
      ? { ...given, headers: { ...(auditId && { 'audit-id': auditId }), ...given.headers, ...seen.headers } }
      : given;
  const answer = seen.audited?.answered(told, seen.annotations) ?? told;
  const { metrics, clock } = deps;
  const { verb, route, start } = seen;
  const labels = {
    verb: (route?.verb ?? verb).toUpperCase(),
    group: route?.group ?? '',
    version: route?.version ?? '',
    // What clients make up must not become a label: it would grow without bound.
    resource: answer.status === 404 ? '' : (route?.plural ?? ''),
    subresource: answer.status === 404 ? '' : (route?.subresource ?? ''),
    code: answer.status,
  };
  const count = () => {
    metrics.request(labels, (clock.now() - start) / 1000);
    if (deps.audit) deps.audit(entryOf(seen, answer.status, clock.now()));
  };
  const { body } = answer;
  if (labels.verb !== 'WATCH' || body instanceof Uint8Array) {
    count();
    return answer;
  }
  return { ...answer, body: counted(body, count) };
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
