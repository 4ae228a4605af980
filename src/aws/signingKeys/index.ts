import { makeTokenKey, mostTokenKeys } from '../../shared/auth/tokenKeys.ts';
import { keyIdOf, type TokenIssuer, tokenIssuer } from '../../shared/auth/tokens.ts';
import type { User } from '../../shared/auth/user.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Key, Storage, Stored } from '../../shared/ports/storage.ts';
import { inSigningOrder, isOld, type KeyRing, madeSince, ringOf, rotated, textOf } from './ring.ts';

/** No kind has this resource, so no request reaches it. It is to be encrypted as Secrets are. */
export const signingKeys = 'signingkeys.internal';
const key: Key = { cluster: 'default', resource: signingKeys, namespace: '', name: 'serviceaccounts' };

/** Keys are read again after this, so that a new one is known everywhere before it signs. Milliseconds. */
export const rereadAfterMs = 600_000;
/** A token with the id of no known key has them read again, once in this time at most. Milliseconds. */
export const strangeKeyMs = 10_000;

/** Issues and checks service-account tokens with keys that all processes of a deployment share. */
export interface StoredTokenIssuer {
  /** With the keys as they were at most ten minutes ago. */
  current(): Promise<TokenIssuer>;
  /** As TokenIssuer does; a token of a key that is new here is checked with it. */
  verify(token: string, cluster: string, audience?: string): Promise<User | undefined>;
}

export interface StoredTokenIssuerOptions {
  storage: Storage;
  clock: Clock;
  ids: Ids;
  log: Pick<Logger, 'warn'>;
  /** Keys made before are good for nothing any more. Milliseconds since the epoch; absent: all are good. */
  since?: number | undefined;
}

/** The first process that asks makes the key, and the first that finds it old the next one. */
export function storedTokenIssuer(options: StoredTokenIssuerOptions): StoredTokenIssuer {
  const { clock, ids, log } = options;
  let issuer: TokenIssuer | undefined;
  let reading: Promise<TokenIssuer> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const read = async (): Promise<TokenIssuer> => {
    try {
      const ring = await openRing(options);
      issuer = tokenIssuer(inSigningOrder(ring, clock.now()), clock, ids);
    } catch (error) {
      if (!issuer) throw error;
      // Those of before go on: a table that does not answer for a moment is no reason to refuse everybody.
      log.warn('the keys of tokens could not be read again', { error });
    }
    return issuer;
  };
  const readOnce = () => {
    askedAt = clock.now();
    // A failed first read is no reason to fail for as long as the process lives.
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const isDue = (afterMs: number) => clock.now() - askedAt >= afterMs;
  const current = async () => (issuer && !isDue(rereadAfterMs) ? issuer : readOnce());
  return {
    current,
    async verify(...asked) {
      const known = await current();
      const user = known.verify(...asked);
      if (user || !isStrange(known, asked[0]) || !isDue(strangeKeyMs)) return user;
      return (await readOnce()).verify(...asked);
    },
  };
}

/** Whether a token says that a key signed it which is not among these. */
function isStrange(issuer: TokenIssuer, token: string): boolean {
  const id = keyIdOf(token);
  return id !== undefined && !issuer.publicKeys().some(({ kid }) => kid === id);
}

/** Reads the keys, makes the first, and a new one when the newest is old: of two at once, the second takes the first one's. */
async function openRing({ storage, clock, log, since = 0 }: StoredTokenIssuerOptions): Promise<KeyRing> {
  const found = await storage.get(key);
  const ring = found ? madeSince(ringOf(contentOf(found)), since) : [];
  const now = clock.now();
  if (ring.length > 0 && !isOld(ring, now)) return ring;
  const next = rotated(ring, makeTokenKey(), now, mostTokenKeys);
  const value = Buffer.from(textOf(next));
  try {
    await (found ? storage.update(key, found.revision, () => value) : storage.create(key, () => value));
    return next;
  } catch (error) {
    const isRaced = isReason(error, 'AlreadyExists') || isReason(error, 'Conflict');
    const theirs = isRaced ? await storage.get(key) : undefined;
    const good = theirs ? madeSince(ringOf(contentOf(theirs)), since) : [];
    if (good.length > 0) return good;
    if (ring.length === 0) throw error;
    // An old key signs as well as a new one.
    log.warn('the key of tokens could not be renewed', { error });
    return ring;
  }
}

const contentOf = ({ value }: Stored) => Buffer.from(value).toString();
