import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { AuditEntry } from '../../shared/api/deps.ts';
import { failure } from '../../shared/api/http/answer.ts';
import type { Handle } from '../../shared/api/http/message.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import { type Env, identityConfig } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { functionParts } from '../functionParts.ts';
import { accessAuthorizer } from '../iam/accessAuthorizer.ts';
import { iamTokens } from '../iam/authenticator.ts';
import { awsAuthIn } from '../iam/awsAuth.ts';
import { environment } from '../names.ts';
import { openTraces, type Trace } from '../observability/tracing.ts';
import { askSts } from './askSts.ts';
import { openAudit } from './audit.ts';
import { formatFigures } from './formatFigures.ts';
import { functionMetrics } from './functionMetrics.ts';
import { fargateAccess } from './podAccess.ts';
import { type ProxyAnswer, proxyAnswer } from './proxyAnswer.ts';
import { proxyRequest } from './proxyRequest.ts';

/** API Gateway cuts what is quiet for 300 s; and every second of a watch is paid for, read or not. */
const longestWatchMs = 290_000;
/** ECS is asked twice before it is known which stream to read. */
const podLogsPatienceMs = 3_000;
/** The gateway drops the header that asks for an upgrade. */
const upgradeRemedy =
  'it needs an upgraded connection, which API Gateway never gives; run "shallop proxy", which bridges exec, cp, attach and port-forward';
/** The function of the API stands outside the VPC. */
const proxyRemedy =
  'the API does not reach Pods in the VPC; "shallop proxy" forwards ports of Pods, and load balancers lead to Services';
/** Time kept for ending streams before the Lambda itself ends. */
const lastMs = 2_000;

/** What serves API Gateway's events, and what is to be awaited before an answer ends. */
export interface Front {
  answer: ReturnType<typeof serveEvents>;
  settle(): Promise<void>;
}

/** Builds the API from the environment, once for all requests of this Lambda. Rejects with what names a wrong variable. */
export async function openApi(env: Env): Promise<Front> {
  const parts = functionParts(env);
  const { clock, ids, log } = parts;
  const { stsEndpoint, accessEntries: entries, ...identity } = identityConfig(env);
  const metrics = functionMetrics(clock);
  metrics.gather(formatFigures(parts.dynamo.format));
  const audit = await openAudit(env, { clock, ids, log, metrics });
  const { handle } = openAwsCore({
    ...parts,
    metrics,
    // One read tells of them all, and whoever made a role or a policy tries it at once.
    trustedMs: 0,
    tokens: (storage) =>
      iamTokens({
        ...identity,
        entries,
        clock,
        ask: askSts(stsEndpoint),
        awsAuth: awsAuthIn(storage, clock),
        refused: (why) => log.warn('a token was refused', { why }),
      }),
    access: accessAuthorizer(entries),
    api: {
      longestWatchMs,
      watchesEndWithObject: true,
      upgradeRemedy,
      proxyRemedy,
      audit: auditTo(log, openTraces(env)),
      ...(audit && { auditTrail: audit.trail }),
      podLogsPatienceMs,
      ...(env[environment.ecsCluster] && fargateAccess(env, { clock, ids, log })),
    },
  });
  return { answer: serveEvents(handle), settle: async () => audit?.flush() };
}

/** Serves API Gateway's events. Streams end in time for their clients to see a proper end. */
export const serveEvents =
  (handle: Handle) =>
  async (
    event: APIGatewayProxyEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<ProxyAnswer> => {
    const ending = new AbortController();
    const end = () => ending.abort();
    const timer = setTimeout(end, Math.max(0, context.getRemainingTimeInMillis() - lastMs));
    const stop = () => {
      clearTimeout(timer);
      end();
    };
    return proxyAnswer(await handle(proxyRequest(event, ending.signal)), stop);
  };

/** For what went wrong outside of the API. */
export const internalFailure = (error: unknown): ProxyAnswer => proxyAnswer(failure(error), () => {});

/** For an answer that did not begin while there was time. */
export const timedOut = (): ProxyAnswer =>
  internalFailure(new ApiError('Timeout', 'the request did not complete within the allotted time'));

/** One line for each request. */
const auditTo =
  (log: Logger, trace?: Trace) =>
  ({ user, resource, ...entry }: AuditEntry): void => {
    const { extra } = user ?? {};
    const principal = extra?.arn?.[0];
    if (trace) traceRequest(trace, entry, resource?.plural);
    log.info('request', {
      ...entry,
      ...resource,
      ...(user && { user: user.name }),
      ...(principal && { principal }),
    });
  };

function traceRequest(
  trace: Trace,
  { verb, cluster, namespace, name, code, milliseconds }: Omit<AuditEntry, 'user' | 'resource'>,
  resource: string | undefined,
): void {
  const endMs = systemClock.now();
  trace({
    name: [verb, resource].filter(Boolean).join(' '),
    ...{ startMs: endMs - milliseconds, endMs, isFault: code >= 500 },
    annotations: { verb, resource, cluster, namespace, name, code },
  });
}
