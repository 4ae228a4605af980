import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { failure } from '../shared/api/http/answer.ts';
import type { Handle } from '../shared/api/http/message.ts';
import { ApiError } from '../shared/errors/apiError.ts';
import { type ProxyAnswer, proxyAnswer } from './proxyAnswer.ts';
import { proxyRequest } from './proxyRequest.ts';

/** Time kept for ending streams before the Lambda itself ends. */
const lastMs = 2_000;

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

/** For what went wrong outside of the API, and for answers that did not begin in time. */
export const unserved = (error: unknown): ProxyAnswer =>
  proxyAnswer(
    failure(
      isTimeout(error)
        ? new ApiError('Timeout', 'the request did not complete within the allotted time')
        : error,
    ),
    () => {},
  );

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError';
