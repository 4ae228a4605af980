import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const secretsManagerClient = (): SecretsManagerClient =>
  withinDelivery(
    new SecretsManagerClient({
      maxAttempts: 1,
      requestHandler: requestHandler(),
    }),
  );
