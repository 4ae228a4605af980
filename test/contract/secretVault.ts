import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Secret } from '../../src/shared/kinds/schema/types.ts';
import type { SecretRef, SecretVault } from '../../src/shared/ports/cloud.ts';

export interface Harness {
  vault: SecretVault;
  /** How many times copies were written. */
  writes(): number;
  /** The value that a container gets of this copy's key. */
  read(arn: string, key: string): Promise<string | undefined>;
}

export const secretRef = (name: string, more: Partial<SecretRef> = {}): SecretRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-${name}`,
  ...more,
});

export const secretOf = (data: Record<string, string>, type = 'Opaque'): Secret => ({
  metadata: { name: 'any', namespace: 'ns' },
  type,
  data: Object.fromEntries(Object.entries(data).map(([k, v]) => [k, Buffer.from(v).toString('base64')])),
});

/** What every driver of SecretVault does. */
export function secretVaultContract(driver: string, open: () => Harness | Promise<Harness>): void {
  describe(`secret vault: ${driver}`, () => {
    let h: Harness;
    beforeEach(async () => {
      h = await open();
    });

    test('a copy holds the values, where the answer says', async () => {
      const { arn } = await h.vault.project(secretRef('a'), secretOf({ user: 'u', password: 'hunter2' }));
      expect(await h.read(arn, 'password')).toBe('hunter2');
      expect(await h.vault.find(secretRef('a'), secretOf({ user: 'u', password: 'hunter2' }))).toEqual({
        arn,
      });
    });

    test('find writes nothing, and finds no copy of other data', async () => {
      expect(await h.vault.find(secretRef('a'), secretOf({ k: '1' }))).toBeUndefined();
      await h.vault.project(secretRef('a'), secretOf({ k: '1' }));
      const before = h.writes();
      expect(await h.vault.find(secretRef('a'), secretOf({ k: '2' }))).toBeUndefined();
      expect(h.writes()).toBe(before);
    });

    test('new data is in the same place', async () => {
      const { arn } = await h.vault.project(secretRef('a'), secretOf({ k: '1' }));
      expect(await h.vault.project(secretRef('a'), secretOf({ k: '2', more: '3' }))).toEqual({ arn });
      expect([await h.read(arn, 'k'), await h.read(arn, 'more')]).toEqual(['2', '3']);
    });

    test('the same name in another cluster or namespace is another copy', async () => {
      const a = await h.vault.project(secretRef('a'), secretOf({ k: '1' }));
      const b = await h.vault.project(secretRef('a', { cluster: 'branch', uid: '2' }), secretOf({ k: '2' }));
      const c = await h.vault.project(secretRef('a', { namespace: 'other', uid: '3' }), secretOf({ k: '3' }));
      expect(await Promise.all([a, b, c].map(({ arn }) => h.read(arn, 'k')))).toEqual(['1', '2', '3']);
      expect(await h.vault.list()).toHaveLength(3);
    });

    test('remove takes it away, also a second time, and it may come back', async () => {
      const { arn } = await h.vault.project(secretRef('a'), secretOf({ k: '1' }));
      expect(await h.vault.list()).toEqual([secretRef('a')]);
      await h.vault.remove(secretRef('a'));
      await h.vault.remove(secretRef('a'));
      expect(await h.vault.list()).toEqual([]);
      expect(await h.read(arn, 'k')).toBeUndefined();
      const again = await h.vault.project(secretRef('a', { uid: 'new' }), secretOf({ k: '2' }));
      expect(await h.read(again.arn, 'k')).toBe('2');
      expect(await h.vault.list()).toEqual([secretRef('a', { uid: 'new' })]);
    });

    test('a Secret made anew under its name takes the copy on', async () => {
      await h.vault.project(secretRef('a'), secretOf({ k: '1' }));
      await h.vault.project(secretRef('a', { uid: 'new' }), secretOf({ k: '1' }));
      expect(await h.vault.list()).toEqual([secretRef('a', { uid: 'new' })]);
    });
  });
}
