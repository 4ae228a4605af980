import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { KeyWrapper } from '../../shared/storage/decorators/encryption.ts';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** The name under which a value remembers the key: it tells nothing about the key. */
export const idOf = (key: Uint8Array): string =>
  createHash('sha256').update('shallop key id').update(key).digest('hex').slice(0, 16);

/**
 * Wraps data keys with keys of this machine, of 32 bytes each. The first key wraps new data keys; all of them open
 * what they wrapped. A wrapped key is nonce, tag, ciphertext.
 */
export function keyWrapper(keys: readonly [Uint8Array, ...Uint8Array[]]): KeyWrapper {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = keys;
  return {
    keyId: idOf(current),
    async generate() {
      const secret = randomBytes(32);
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, current, nonce);
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return { secret, wrapped: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
    },
    async unwrap(wrapped, keyId) {
      const key = byId.get(keyId);
      if (!key) throw new Error(`sealed with the key ${keyId}, which is not among the encryption keys`);
      const nonce = wrapped.subarray(0, nonceLength);
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
      decipher.setAuthTag(wrapped.subarray(nonceLength, nonceLength + tagLength));
      return Buffer.concat([decipher.update(wrapped.subarray(nonceLength + tagLength)), decipher.final()]);
    },
  };
}
