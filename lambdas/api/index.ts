import middy from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { internalFailure, openApi, timedOut } from '../../src/aws/front/api.ts';
import type { ProxyAnswer } from '../../src/aws/front/proxyAnswer.ts';
import { streamed } from '../../src/aws/front/streamed.ts';

/** The Kubernetes API behind API Gateway, answering in streams. */
export const handler = streamed(
  middy<APIGatewayProxyEvent, ProxyAnswer>({ timeoutEarlyInMillis: 1_000, timeoutEarlyResponse: timedOut })
    .onError(({ error }) => internalFailure(error))
    .handler(openApi(process.env)),
);
