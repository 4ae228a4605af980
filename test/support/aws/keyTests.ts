import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, test } from '@jest/globals';
import { openKmsKeys } from '../../../src/aws/drivers/kms/index.ts';
import { needs } from '../needs.ts';
import type { Account } from './account.ts';
import { driverParts } from './driverClients.ts';

/** `lacks` says why what was changed opens all the same. */
export function keyTests(account: () => Account, { lacks }: { lacks?: string } = {}): void {
  describe('data keys of KMS', () => {
    const open = async () => {
      const client = account().open(KMSClient);
      const keyId = (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
      return {
        keyId,
        keys: (deployment: string) => openKmsKeys({ ...driverParts, client, keyId, deployment }),
      };
    };

    test('open for their deployment only', async () => {
      const { keyId, keys } = await open();
      const { secret, wrapped } = await keys('dev').generate();
      expect(secret).toHaveLength(32);
      expect(await keys('dev').unwrap(wrapped, keyId)).toEqual(secret);
      await expect(keys('other').unwrap(wrapped, keyId)).rejects.toMatchObject({ reason: 'BadRequest' });
    });

    const { test: changed } = needs(lacks);
    changed('do not open when they were changed', async () => {
      const { keyId, keys } = await open();
      const { wrapped } = await keys('dev').generate();
      const other = Uint8Array.from(wrapped);
      other[other.length - 1]! ^= 1;
      await expect(keys('dev').unwrap(other, keyId)).rejects.toMatchObject({ reason: 'BadRequest' });
    });
  });
}
