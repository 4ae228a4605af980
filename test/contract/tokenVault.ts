import { beforeEach, describe, expect, test } from '@jest/globals';
import { tokensName } from '../../src/shared/ports/accountTokens.ts';
import type { TokenReference } from '../../src/shared/ports/cloud.ts';
import { type Harness, secretOf, secretRef } from './secretVault.ts';

const far = Date.UTC(2099, 0);
const account = (uid = 'uid-app') => secretRef(tokensName('app'), { uid });

/** What every driver of SecretVault does that keeps boot tokens. */
export function tokenVaultContract(driver: string, open: () => Harness | Promise<Harness>): void {
  describe(`token vault: ${driver}`, () => {
    let h: Harness;
    beforeEach(async () => {
      h = await open();
    });
    const find = (ref = account()) => h.vault.tokens!.find(ref);
    const keep = (token = 'one', ref = account(), renewAt = far) => h.vault.tokens!.keep(ref, token, renewAt);
    /** As ECS does it: `<ARN>:<key>::`. */
    const read = async (found: TokenReference | undefined) => {
      const [, arn = '', key = ''] = /^(.+):([^:]+)::$/.exec(found?.valueFrom ?? '') ?? [];
      return h.read(arn, key);
    };

    test('a token is where the answer says', async () => {
      expect(await find()).toBeUndefined();
      await keep();
      expect(await read(await find())).toBe('one');
    });

    test('a new one is in the same place', async () => {
      await keep();
      const before = await find();
      expect(before?.renewAt).toBe(far);
      await keep('newer', account(), far + 1000);
      expect(await find()).toEqual({ ...before, renewAt: far + 1000 });
      expect(await read(before)).toBe('newer');
    });

    test('an account that was made anew has none of the one before', async () => {
      await keep();
      expect(await find(account('new'))).toBeUndefined();
      await keep('two', account('new'));
      expect(await find(account('new'))).toBeDefined();
      expect(await find()).toBeUndefined();
      expect(await h.vault.list()).toEqual([account('new')]);
    });

    test('it stands beside Secrets, and goes like them', async () => {
      await keep();
      await h.vault.project(secretRef('app'), secretOf({ k: '1' }));
      expect(await h.vault.list()).toHaveLength(2);
      await h.vault.remove(account());
      await h.vault.remove(account());
      expect(await find()).toBeUndefined();
      expect(await h.vault.list()).toEqual([secretRef('app')]);
    });
  });
}
