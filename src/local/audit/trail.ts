import type { AuditedRequest, AuditedUsers, AuditTrail } from '../../shared/api/auditTrail.ts';
import type { ApiRequest, ApiResponse } from '../../shared/api/http/message.ts';
import type { Attributes } from '../../shared/auth/authorize.ts';
import type { User } from '../../shared/auth/user.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { type Body, bodyOf, watched } from './bodies.ts';
import { type Account, accountOf, type Policy, type Stage } from './policy.ts';

interface TrailOptions {
  policy: Policy;
  clock: Clock;
  ids: Ids;
  /** Takes one event as a line of JSON. */
  write(line: string): void;
}

/** Writes events of audit.k8s.io/v1, in the stages and with as much of each request as a policy asks for. */
export const createAuditTrail = (options: TrailOptions): AuditTrail => ({
  begin(request, attributes, users) {
    // Controllers of this process are part of the server.
    const account = accountOf(options.policy, attributes);
    if (account.level === 'None' || request.peer.internal) return undefined;
    return audited(options, account, request, attributes, users);
  },
});

function audited(
  { clock, ids, write }: TrailOptions,
  account: Account,
  request: ApiRequest,
  attributes: Attributes,
  users: AuditedUsers,
): AuditedRequest {
  const auditID = ids.uid();
  const received = clock.now();
  const sent: Body = { chunks: [], isWhole: true };
  const told: Body = { chunks: [], isWhole: true };
  const facts = factsOf(request, attributes, users);
  const tell = (stage: Stage, more: object = {}) => {
    if (account.omitStages.has(stage)) return;
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: account.level,
      auditID,
      stage,
      ...facts,
      ...more,
      requestReceivedTimestamp: microTime(received),
      stageTimestamp: microTime(clock.now()),
    };
    write(`${JSON.stringify(event)}\n`);
  };
  tell('RequestReceived');
  let decision: 'allow' | 'forbid' = 'forbid';
  const isRead = account.level === 'Request' || account.level === 'RequestResponse';
  return {
    request: isRead ? withWatchedBody(request, sent) : request,
    allowed() {
      decision = 'allow';
    },
    answered(answer, annotations) {
      const isLong = attributes.verb === 'watch' && !(answer.body instanceof Uint8Array);
      const isShown = account.level === 'RequestResponse' && !isLong;
      const more = () => ({
        responseStatus: statusOf(answer, isLong ? undefined : bodyOf(told, account)),
        ...(isRead && objectOf('requestObject', bodyOf(sent, account))),
        ...(isShown && objectOf('responseObject', bodyOf(told, account))),
        annotations: {
          'authorization.k8s.io/decision': decision,
          ...annotations,
        },
      });
      if (isLong) tell('ResponseStarted', more());
      const isError = answer.status >= 400;
      return watched(answer, isShown || isError ? told : undefined, () => tell('ResponseComplete', more()));
    },
  };
}

function factsOf(request: ApiRequest, attributes: Attributes, { real, impersonated }: AuditedUsers) {
  const { resource, namespace, name, verb } = attributes;
  const userAgent = request.header('user-agent');
  return {
    requestURI: request.target,
    verb,
    user: infoOf(real),
    ...(impersonated && { impersonatedUser: infoOf(impersonated) }),
    sourceIPs: [request.peer.address],
    ...(userAgent && { userAgent }),
    ...(resource && {
      objectRef: {
        resource: resource.plural,
        ...(namespace && { namespace }),
        ...(name && { name }),
        ...(resource.group && { apiGroup: resource.group }),
        apiVersion: resource.version,
        ...(resource.subresource && { subresource: resource.subresource }),
      },
    }),
  };
}

const infoOf = ({ name, uid, groups, extra }: User) => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length > 0 && { groups }),
  ...(extra && { extra }),
});

/** Of a Status what it says; of everything else the code. */
function statusOf({ status }: ApiResponse, body: unknown) {
  const { kind, status: word, message, reason, details } = (body ?? {}) as Record<string, unknown>;
  const said = kind === 'Status' ? { status: word, message, reason, details } : {};
  return { metadata: {}, ...JSON.parse(JSON.stringify(said)), code: status };
}

const objectOf = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

/** Milliseconds as RFC 3339 with six digits. */
const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

function withWatchedBody(request: ApiRequest, into: Body): ApiRequest {
  const keep = (chunk: Uint8Array) => {
    if (into.isWhole) into.chunks.push(chunk);
    return chunk;
  };
  const { chunks } = request;
  return {
    method: request.method,
    target: request.target,
    peer: request.peer,
    get signal() {
      return request.signal;
    },
    header: (name) => request.header(name),
    headersBeginning: (prefix) => request.headersBeginning(prefix),
    body: async (limit) => keep(await request.body(limit)),
    ...(chunks && {
      chunks: async function* () {
        for await (const chunk of chunks.call(request)) yield keep(chunk);
      },
    }),
  };
}
