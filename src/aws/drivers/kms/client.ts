import { KMSClient } from '@aws-sdk/client-kms';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const kmsClient = (): KMSClient =>
  withinDelivery(new KMSClient({ maxAttempts: 1, requestHandler: requestHandler(5_000) }));
