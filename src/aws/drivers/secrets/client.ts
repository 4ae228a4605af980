import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const secretsManagerClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 1,
    requestHandler: requestHandler(),
  });
