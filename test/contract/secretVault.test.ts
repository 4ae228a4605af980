import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { openSecretVault } from '../../src/shared/cloud/aws/secrets/index.ts';
import { FakeSecretVault } from '../../src/shared/cloud/fake/secrets.ts';
import { FakeSecrets } from '../support/aws/fakeSecrets.ts';
import { secretVaultContract } from './secretVault.ts';

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

secretVaultContract('aws (fake Secrets Manager)', () => {
  const secrets = new FakeSecrets();
  const vault = openSecretVault({
    client: secrets.client,
    clock: new ManualClock(),
    ids: seededIds(),
    deployment: 'dev',
  });
  return {
    vault,
    writes: () => [...secrets.entries.values()].reduce((sum, { versions }) => sum + versions, 0),
    async read(arn, key) {
      const entry = [...secrets.entries.values()].find(({ ARN }) => ARN === arn);
      return entry && JSON.parse(entry.SecretString)[key];
    },
  };
});
