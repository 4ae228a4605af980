import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { powertoolsLogger } from './logger.ts';
import { count, powertoolsMetrics } from './metrics.ts';
import { beginTraces } from './tracing.ts';

export interface ObservedOptions<Answer> extends middy.PluginObject {
  /** Returns what is answered when the handler throws; absent: Lambda is told of the error. */
  failure?(error: unknown): Answer;
}

/**
 * The composition of every function: its lines carry the request that they belong to, what it counted leaves when it
 * ends, and a handler that throws is logged and counted. The handler follows by `.handler()`.
 */
export const observed = <Event, Answer>({ failure, ...plugin }: ObservedOptions<Answer> = {}) =>
  middy<Event, Answer>(plugin)
    // The last that is registered is the first to hear of an error, and the first that answers ends it.
    .onError(({ error }) => failure?.(error))
    .use(injectLambdaContext(powertoolsLogger))
    .use(logMetrics(powertoolsMetrics))
    .before(({ event, context }) => {
      const request = gatewayRequestOf(event);
      correlate(request);
      beginTraces(request ?? context.awsRequestId);
    })
    .onError(({ error }) => {
      count('FunctionFailures');
      powertoolsLogger.error('the handler failed', { error: error as Error });
    });

function correlate(request: string | undefined): void {
  if (request) powertoolsLogger.appendKeys({ correlation_id: request });
  else powertoolsLogger.removeKeys(['correlation_id']);
}

/** The request as API Gateway's log of accesses names it. Undefined for what did not come through the gateway. */
function gatewayRequestOf(event: unknown): string | undefined {
  const context = (event as { requestContext?: { requestId?: unknown } } | null)?.requestContext;
  return typeof context?.requestId === 'string' ? context.requestId : undefined;
}
