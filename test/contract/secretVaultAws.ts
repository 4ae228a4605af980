import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { openSecretVault } from '../../src/aws/drivers/secrets/index.ts';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Harness } from './secretVault.ts';

/** The driver before a Secrets Manager that speaks HTTP. */
export function secretVaultAt(client: SecretsManagerClient): Harness {
  let writes = 0;
  const counting = {
    send: (command: never) => {
      if (/^(Create|Update|Put)/.test((command as object).constructor.name)) writes++;
      return client.send(command);
    },
  } as Pick<SecretsManagerClient, 'send'>;
  return {
    vault: openSecretVault({
      clock: systemClock,
      ids: randomIds,
      deployment: 'dev',
      client: counting,
      tokens: true,
    }),
    writes: () => writes,
    async read(arn, key) {
      const request = new GetSecretValueCommand({ SecretId: arn });
      const answer = await client.send(request).catch(() => undefined);
      return answer && JSON.parse(answer.SecretString ?? '{}')[key];
    },
  };
}
