import { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK's client: region, credentials and endpoint from the environment. What may pass is tried again by the sender. */
export const sqsClient = (): SQSClient =>
  new SQSClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 } });
