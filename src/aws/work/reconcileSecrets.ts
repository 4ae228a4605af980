import type { Cloud } from '../../shared/ports/cloud.ts';
import { secretsManagerClient } from '../drivers/secrets/client.ts';
import { openSecretVault } from '../drivers/secrets/index.ts';
import { environment } from '../names.ts';
import type { ReconcileParts } from './reconcile.ts';

/**
 * Returns what the controllers of Secrets touch: their copies in Secrets Manager, and tokens where Pods reach the API.
 */
export function secretsCloud({ env, deployment, clock, ids }: ReconcileParts): Pick<Cloud, 'secrets'> {
  const kmsKey = env[environment.kmsKey];
  return {
    secrets: openSecretVault({
      client: secretsManagerClient(),
      deployment,
      ...(kmsKey && { kmsKey }),
      tokens: Boolean(env[environment.podApiUrl]),
      clock,
      ids,
    }),
  };
}
