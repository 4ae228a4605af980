import { LambdaClient } from '@aws-sdk/client-lambda';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/**
 * The SDK's client: region, credentials and endpoint from the environment. A request that takes longer than
 * `requestTimeout` (milliseconds) fails; nothing is tried again.
 */
export const lambdaClient = (requestTimeout: number): LambdaClient =>
  withinDelivery(
    new LambdaClient({
      maxAttempts: 1,
      requestHandler: requestHandler(requestTimeout),
    }),
  );
