import type { AuditedRequest, AuditTrail } from '../api/auditTrail.ts';
import type { ApiRequest, ApiResponse } from '../api/http/message.ts';
import { requestWith } from '../api/http/requestWith.ts';
import { userInfo } from '../api/reviews/userInfo.ts';
import type { Attributes } from '../auth/authorize.ts';
import { type Clock, formatMicroTime } from '../clock/clock.ts';
import type { UserInfo } from '../kinds/schema/types.ts';
import type { AuditLog } from '../ports/auditLog.ts';
import { type Body, bodyOf, type Coding, emptyBody, keep, watched } from './bodies.ts';
import { type Account, accountOf, type Policy, type Stage } from './policy.ts';
import type { AuditTally } from './tally.ts';

/** Describes what is written down, and where. */
export interface TrailOptions {
  policy: Policy;
  clock: Clock;
  log: Pick<AuditLog, 'write'>;
  tally: AuditTally;
}

/** Writes events of audit.k8s.io/v1, in the stages and with as much of each request as a policy asks for. */
export function createAuditTrail(options: TrailOptions): AuditTrail {
  const opened = (request: ApiRequest, auditId: string, attributes: Attributes) => {
    // Controllers of this process are part of the server.
    if (request.peer.internal) return undefined;
    const account = accountOf(options.policy, attributes);
    options.tally.requested(account.level);
    if (account.level === 'None') return undefined;
    return { account, tell: teller(options, account, { request, auditId, attributes }) };
  };
  return {
    begin(request, auditId, attributes) {
      const it = opened(request, auditId, attributes);
      return it && audited(it.account, it.tell, request, attributes);
    },
    refused(request, auditId, attributes) {
      const it = opened(request, auditId, attributes);
      return it && { answered: (answer) => refusal(it.tell, answer) };
    },
  };
}

/** Writes an event of a stage: what is known of every request, and more. */
type Tell = (stage: Stage, more?: object, annotations?: Readonly<Record<string, string>>) => void;

interface Opened {
  request: ApiRequest;
  auditId: string;
  attributes: Attributes;
}

function teller({ clock, log, tally }: TrailOptions, account: Account, opened: Opened): Tell {
  const received = formatMicroTime(clock.now());
  const facts = factsOf(opened.request, opened.attributes);
  return (stage, more = {}, annotations) => {
    if (account.omitStages.has(stage)) return;
    tally.told();
    log.write({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: account.level,
      auditID: opened.auditId,
      stage,
      ...facts,
      ...more,
      requestReceivedTimestamp: received,
      stageTimestamp: formatMicroTime(clock.now()),
      ...(annotations && { annotations }),
    });
  };
}

/** As a real server does, one event tells of it, as of an answer that has begun. */
function refusal(tell: Tell, answer: ApiResponse): ApiResponse {
  const told = emptyBody();
  return watched(answer, told, () =>
    tell('ResponseStarted', { responseStatus: statusOf(answer, bodyOf(told, codingOf(answer))) }),
  );
}

function audited(account: Account, tell: Tell, request: ApiRequest, attributes: Attributes): AuditedRequest {
  const sent = emptyBody();
  const told = emptyBody();
  const objectRef = objectRefOf(attributes);
  let impersonatedUser: UserInfo | undefined;
  let judgement: Record<string, string> | undefined;
  tell('RequestReceived');
  const isRead = account.level === 'Request' || account.level === 'RequestResponse';
  return {
    request: isRead || namesItself(attributes) ? withWatchedBody(request, sent) : request,
    judging(impersonated) {
      if (impersonated) impersonatedUser = userInfo(impersonated);
      judgement = { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' };
    },
    allowed(reason = '') {
      judgement = { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': reason };
    },
    answered(answer, annotations) {
      const isLong = attributes.verb === 'watch' && !(answer.body instanceof Uint8Array);
      const isShown = account.level === 'RequestResponse' && !isLong;
      const said = (judgement || annotations) && { ...judgement, ...annotations };
      const more = () => {
        const asked = bodyOf(sent, { type: request.header('content-type') }, account);
        const given = isLong ? undefined : bodyOf(told, codingOf(answer), account);
        return {
          ...(impersonatedUser && { impersonatedUser }),
          ...(namesItself(attributes) && objectRef && { objectRef: completed(objectRef, asked) }),
          responseStatus: statusOf(answer, given),
          ...(isRead && { requestObject: asked }),
          ...(isShown && { responseObject: given }),
        };
      };
      if (isLong) tell('ResponseStarted', more(), said);
      const isStatus = answer.status >= 400 || attributes.verb === 'delete';
      return watched(answer, isShown || isStatus ? told : undefined, () =>
        tell('ResponseComplete', more(), said),
      );
    },
  };
}

function factsOf(request: ApiRequest, attributes: Attributes) {
  const { user, verb } = attributes;
  const userAgent = request.header('user-agent');
  const objectRef = objectRefOf(attributes);
  return {
    requestURI: request.target,
    verb,
    user: user.name ? userInfo(user) : {},
    sourceIPs: [request.peer.address],
    ...(userAgent && { userAgent }),
    ...(objectRef && { objectRef }),
  };
}

function objectRefOf({ resource, namespace, name }: Attributes): Reference | undefined {
  if (!resource) return undefined;
  const { plural, group, version, subresource } = resource;
  return {
    resource: plural,
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(group && { apiGroup: group }),
    apiVersion: version,
    ...(subresource && { subresource }),
  };
}

/** Its body is an object, which may say more of itself than the address does. */
const namesItself = ({ verb, resource }: Attributes) =>
  resource !== undefined && ['create', 'update'].includes(verb);

interface Reference {
  resource: string;
  namespace?: string;
  name?: string;
  apiGroup?: string;
  apiVersion: string;
  subresource?: string;
}

/** Returns what is asked for, with what its body says of it. */
function completed({ resource, namespace, name, ...rest }: Reference, body: unknown) {
  const given = (body as { metadata?: Record<string, unknown> } | undefined)?.metadata ?? {};
  const { apiGroup, apiVersion, subresource } = rest;
  return {
    resource,
    namespace: namespace || textOf(given.namespace),
    name: name || textOf(given.name),
    uid: textOf(given.uid),
    apiGroup,
    apiVersion,
    resourceVersion: textOf(given.resourceVersion),
    subresource,
  };
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Of a Status what it says; of everything else the code. */
function statusOf({ status }: ApiResponse, body: unknown) {
  const { kind, status: word, message, reason, details } = (body ?? {}) as Record<string, unknown>;
  const said = kind === 'Status' ? { status: word, message, reason, details } : {};
  return { metadata: {}, ...said, code: status };
}

const codingOf = ({ headers }: ApiResponse): Coding => ({
  type: headers['content-type']?.toString(),
  encoding: headers['content-encoding']?.toString(),
});

function withWatchedBody(request: ApiRequest, into: Body): ApiRequest {
  const kept = (chunk: Uint8Array) => {
    keep(into, chunk);
    return chunk;
  };
  const { chunks } = request;
  return requestWith(request, {
    body: async (limit) => kept(await request.body(limit)),
    ...(chunks && {
      chunks: async function* () {
        for await (const chunk of chunks.call(request)) yield kept(chunk);
      },
    }),
  });
}
