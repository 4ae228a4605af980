import { SQSClient } from '@aws-sdk/client-sqs';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. What may pass is tried again by the sender. */
export const sqsClient = (): SQSClient =>
  withinDelivery(new SQSClient({ maxAttempts: 1, requestHandler: requestHandler() }));
