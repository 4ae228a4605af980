import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. What may pass is tried again by the sender. */
export const eventBridgeClient = (): EventBridgeClient =>
  withinDelivery(
    new EventBridgeClient({
      maxAttempts: 1,
      requestHandler: requestHandler(),
    }),
  );
