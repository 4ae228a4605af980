import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyWrapper } from '../../src/shared/storage/decorators/encryption.ts';

export interface LocalKeys {
  /** A wrapper as one process has it; `keyId` names the key for new data keys, made when it is not there yet. */
  wrapper(keyId?: string): KeyWrapper;
  /** `generate` or `unwrap`, one for each call. */
  calls: string[];
  /** Every call fails with this while it is set. */
  failure?: Error;
}

/** A KMS in memory: wrapping keys that never leave it. */
export function localKeys(): LocalKeys {
  const keys = new Map<string, Buffer>();
  const keyOf = (keyId: string) => {
    if (!keys.has(keyId)) keys.set(keyId, randomBytes(32));
    return keys.get(keyId)!;
  };
  const called = (verb: string) => {
    local.calls.push(verb);
    if (local.failure) throw local.failure;
  };
  const local: LocalKeys = {
    calls: [],
    wrapper: (keyId = 'key-1') => ({
      keyId,
      async generate() {
        called('generate');
        const secret = randomBytes(32);
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', keyOf(keyId), nonce);
        const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
        return { secret, wrapped: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
      },
      async unwrap(wrapped, id) {
        called('unwrap');
        const decipher = createDecipheriv('aes-256-gcm', keyOf(id), wrapped.subarray(0, 12));
        decipher.setAuthTag(wrapped.subarray(12, 28));
        return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
      },
    }),
  };
  return local;
}
