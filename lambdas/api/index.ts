import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { internalFailure, openApi, timedOut } from '../../src/aws/api.ts';
import type { ProxyAnswer } from '../../src/aws/proxyAnswer.ts';

/** The Kubernetes API behind API Gateway, answering in streams. */
export const handler = middy<APIGatewayProxyEvent, ProxyAnswer>({
  executionMode: executionModeStreamifyResponse,
  timeoutEarlyInMillis: 1_000,
  timeoutEarlyResponse: timedOut,
})
  .onError(({ error }) => internalFailure(error))
  .handler(openApi(process.env));
