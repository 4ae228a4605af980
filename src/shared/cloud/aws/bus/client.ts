import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** The SDK's client: region, credentials and endpoint from the environment. What may pass is tried again by the sender. */
export const eventBridgeClient = (): EventBridgeClient =>
  new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
  });
