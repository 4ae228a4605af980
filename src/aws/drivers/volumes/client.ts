import { EFSClient } from '@aws-sdk/client-efs';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const efsClient = (): EFSClient =>
  new EFSClient({
    maxAttempts: 1,
    requestHandler: requestHandler(),
  });
