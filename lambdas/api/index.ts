import type { APIGatewayProxyEvent } from 'aws-lambda';
import { internalFailure, openApi, timedOut } from '../../src/aws/front/api.ts';
import type { ProxyAnswer } from '../../src/aws/front/proxyAnswer.ts';
import { streamed } from '../../src/aws/front/streamed.ts';
import { observed } from '../../src/aws/observability/observed.ts';

const { answer, settle } = await openApi(process.env);

/** The Kubernetes API behind API Gateway, answering in streams. */
export const handler = streamed(
  observed<APIGatewayProxyEvent, ProxyAnswer>({
    timeoutEarlyInMillis: 1_000,
    timeoutEarlyResponse: timedOut,
    failure: internalFailure,
  }).handler(answer),
  settle,
);
