import { EFSClient } from '@aws-sdk/client-efs';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const efsClient = (): EFSClient =>
  new EFSClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
  });
