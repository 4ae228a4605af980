import { EFSClient } from '@aws-sdk/client-efs';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const efsClient = (): EFSClient =>
  withinDelivery(
    new EFSClient({
      maxAttempts: 1,
      requestHandler: requestHandler(),
    }),
  );
