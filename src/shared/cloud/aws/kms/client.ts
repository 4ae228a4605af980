import { KMSClient } from '@aws-sdk/client-kms';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const kmsClient = (): KMSClient =>
  new KMSClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 } });
