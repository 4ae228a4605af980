import { openSecretVault } from '../../src/aws/drivers/secrets/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { FakeSecretVault } from '../../src/shared/fake/secrets.ts';
import { FakeSecrets } from '../support/aws/fakeSecrets.ts';
import { type Harness, secretVaultContract } from './secretVault.ts';
import { tokenVaultContract } from './tokenVault.ts';

secretVaultContract('fake', () => {
  const vault = new FakeSecretVault();
  return {
    vault,
    writes: () => vault.calls.filter((call) => call.startsWith('project')).length,
    async read(arn, key) {
      const data = vault.copies.get(arn.replace('arn:fake:secret:', ''))?.data;
      const value = data && (JSON.parse(data) as [string, string][]).find(([k]) => k === key)?.[1];
      return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
    },
  };
});

const overFakeSecretsManager = (): Harness => {
  const secrets = new FakeSecrets();
  const vault = openSecretVault({
    client: secrets.client,
    clock: new ManualClock(),
    ids: seededIds(),
    deployment: 'dev',
    tokens: true,
  });
  return {
    vault,
    writes: () => [...secrets.entries.values()].reduce((sum, { versions }) => sum + versions, 0),
    async read(arn, key) {
      const entry = [...secrets.entries.values()].find(({ ARN }) => ARN === arn);
      return entry && JSON.parse(entry.SecretString)[key];
    },
  };
};
secretVaultContract('aws (fake Secrets Manager)', overFakeSecretsManager);
tokenVaultContract('aws (fake Secrets Manager)', overFakeSecretsManager);
