import type { SecretVault } from '../../../shared/ports/cloud.ts';
import { Entries, type EntriesOptions } from './entries.ts';
import { fingerprintOf, isHeld, payloadOf } from './payload.ts';
import { openTokenVault } from './tokens.ts';

export interface SecretVaultOptions extends EntriesOptions {
  /** Says whether Pods reach the API, so that tokens of their service accounts are kept as well. */
  tokens?: boolean;
}

/**
 * Copies Secrets to Secrets Manager, one for one. What is there already is seen by its description, so an unchanged
 * Secret costs one DescribeSecret.
 */
export function openSecretVault({ tokens = false, ...options }: SecretVaultOptions): SecretVault {
  const entries = new Entries(options);
  return {
    async project(ref, secret) {
      const payload = payloadOf(secret);
      return { arn: await entries.put({ ref, description: descriptionOf(ref.uid, payload), payload }) };
    },
    async find(ref, secret) {
      if (!isHeld(secret)) return undefined;
      const found = await entries.find(ref);
      return found?.description === descriptionOf(ref.uid, payloadOf(secret))
        ? { arn: found.arn }
        : undefined;
    },
    remove: (ref) => entries.remove(ref),
    list: () => entries.list(),
    ...(tokens && { tokens: openTokenVault(entries) }),
  };
}

/** Returns how a copy tells what it holds. */
const descriptionOf = (uid: string, payload: string): string =>
  `Kubernetes Secret, content ${fingerprintOf(uid, payload)}`;
