import { generateKeyPairSync } from 'node:crypto';
import { type TokenIssuer, tokenIssuer } from '../shared/auth/tokens.ts';
import type { Clock } from '../shared/clock/clock.ts';
import { isReason } from '../shared/errors/apiError.ts';
import type { Key, Storage } from '../shared/ports/storage.ts';

/** No kind has this resource, so no request reaches it. It is to be encrypted as Secrets are. */
export const signingKeys = 'signingkeys.internal';
const key: Key = { cluster: 'default', resource: signingKeys, namespace: '', name: 'serviceaccounts' };

/** Issues and checks service-account tokens with the deployment's key, which the first to ask makes. */
export function storedTokenIssuer(storage: Storage, clock: Clock): () => Promise<TokenIssuer> {
  let issuer: Promise<TokenIssuer> | undefined;
  return () => {
    issuer ??= openSigningKey(storage).then((pem) => tokenIssuer(pem, clock));
    // A failed read is no reason to fail for as long as the process lives.
    issuer.catch(() => {
      issuer = undefined;
    });
    return issuer;
  };
}

/** The one key that everybody signs with, as PEM: whoever comes second takes the first one's. */
async function openSigningKey(storage: Storage): Promise<string> {
  const found = await storage.get(key);
  if (found) return textOf(found.value);
  const made = Buffer.from(makeKey());
  try {
    await storage.create(key, () => made);
    return textOf(made);
  } catch (error) {
    const theirs = isReason(error, 'AlreadyExists') && (await storage.get(key));
    if (!theirs) throw error;
    return textOf(theirs.value);
  }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const makeKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
