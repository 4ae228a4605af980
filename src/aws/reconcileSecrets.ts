import { secretsManagerClient } from '../shared/cloud/aws/secrets/client.ts';
import { openSecretVault } from '../shared/cloud/aws/secrets/index.ts';
import type { Cloud } from '../shared/cloud/provider.ts';
import { environment } from './names.ts';
import type { ReconcileParts } from './reconcile.ts';

/** What the controllers of Secrets touch: their copies in Secrets Manager, and tokens where Pods reach the API. */
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
