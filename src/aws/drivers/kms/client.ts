import { KMSClient } from '@aws-sdk/client-kms';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const kmsClient = (): KMSClient =>
  new KMSClient({ maxAttempts: 1, requestHandler: requestHandler(5_000) });
