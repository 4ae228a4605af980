import { makeTokenKey } from '../shared/auth/tokenKeys.ts';
import { type TokenIssuer, tokenIssuer } from '../shared/auth/tokens.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import { isReason } from '../shared/errors/apiError.ts';
import type { Key, Storage } from '../shared/ports/storage.ts';

/** No kind has this resource, so no request reaches it. It is to be encrypted as Secrets are. */
export const signingKeys = 'signingkeys.internal';
const key: Key = { cluster: 'default', resource: signingKeys, namespace: '', name: 'serviceaccounts' };

/** Issues and checks service-account tokens with the deployment's key, which the first to ask makes. */
export function storedTokenIssuer(storage: Storage, clock: Clock, ids: Ids): () => Promise<TokenIssuer> {
  let issuer: Promise<TokenIssuer> | undefined;
  return () => {
    issuer ??= openSigningKey(storage).then((pem) => tokenIssuer([pem], clock, ids));
    // A failed read is no reason to fail for as long as the process lives.
    issuer.catch(() => {
      issuer = undefined;
    });
    return issuer;
  };
}

/** The key that every process signs with, as PEM: of two that create it at once, the second takes the first one's. */
async function openSigningKey(storage: Storage): Promise<string> {
  const found = await storage.get(key);
  if (found) return textOf(found.value);
  const made = Buffer.from(makeTokenKey());
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
