import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from '@jest/globals';
import { askSts } from '../../src/aws/front/askSts.ts';
import { iamTokens } from '../../src/aws/iam/authenticator.ts';
import { presignedToken } from '../../src/aws/iam/presign.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { noLocalStack, startLocalStack } from '../../tools/emulator/localstack.ts';
import { secretVaultContract } from '../contract/secretVault.ts';
import { secretVaultAt } from '../contract/secretVaultAws.ts';
import { accountsOf, region } from '../support/aws/account.ts';
import { auditTests } from '../support/aws/auditTests.ts';
import { keyTests } from '../support/aws/keyTests.ts';
import { logTests } from '../support/aws/logTests.ts';
import { queueTests } from '../support/aws/queueTests.ts';
import { needs } from '../support/needs.ts';

// The first call of a service loads it.

const missing = process.env.SHALLOP_AWS_TESTS ? noLocalStack() : 'SHALLOP_AWS_TESTS=1 is not set';

needs(missing).describe('drivers before LocalStack', () => {
  const account = accountsOf(startLocalStack);

  secretVaultContract('aws', () => secretVaultAt(account().open(SecretsManagerClient)));
  keyTests(account);
  queueTests(account);
  logTests(account);
  auditTests(account);

  // It does not check signatures: to whom that matters is tested elsewhere.
  test.each([
    { creator: 'root', is: 'kubernetes-admin' },
    { creator: 'user/somebody-else', is: undefined },
  ])('where the cluster is that of $creator, who is root for STS is $is', async ({ creator, is }) => {
    const { credentials, endpoint } = account();
    const clusterId = 'here';
    const verify = iamTokens({
      clusterId,
      region,
      clock: systemClock,
      ask: askSts(endpoint),
      refused: () => {},
      creatorArn: `arn:aws:iam::000000000000:${creator}`,
      entries: [],
      awsAuth: async () => ({ principals: [], accounts: [] }),
    });
    const token = presignedToken({ credentials, region, clusterId, now: Date.now() });
    expect((await verify(token, 'default'))?.name).toBe(is);
  });
});
