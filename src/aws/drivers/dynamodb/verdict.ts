import type { ApiError } from '../../../shared/errors/apiError.ts';
import { ClaimsHeld } from '../../../shared/ports/claimsHeld.ts';
import { keyConflict, keyExists, keyNotFound } from '../../../shared/storage/log/errors.ts';
import { keyText } from '../../../shared/storage/log/keys.ts';
import { freeFrom, holderIn } from './claims.ts';
import { type Item, textOf } from './layout.ts';
import { isGone } from './records.ts';
import { firstClaim, type Write } from './requests.ts';
import type { Failure } from './sender.ts';
import type { WriteOrder } from './writer.ts';

export interface Verdict {
  /** Is what the caller hears; absent: another try, with a newer revision. */
  error?: ApiError;
  /** Nobody wrote under the revision, so it can be given back. */
  unused: boolean;
  /** The other try takes a revision no earlier than this, in milliseconds since the epoch: another space lost its claims then. */
  notBefore?: number;
}

/** Returns what the reasons of a cancelled transaction mean; undefined: nothing about the write. */
export function verdictOf(
  { key, expected }: WriteOrder,
  { claims, space }: Write,
  reasons: Failure['CancellationReasons'] = [],
): Verdict | undefined {
  const failed = (at: number) => reasons[at]?.Code === 'ConditionalCheckFailed';
  const found = (at: number) => reasons[at]?.Item as Item | undefined;
  const refused = (error: ApiError): Verdict => ({ error, unused: true });
  const isCreate = expected === undefined;
  const contested = claims
    .map((claim, i) => ({ value: textOf(claim, 'sk'), at: firstClaim + i }))
    .filter(({ at }) => failed(at))
    .map(({ value, at }) => ({ value, item: found(at) ?? {}, holder: holderIn(found(at) ?? {}) }));
  const held = contested.filter(({ holder }) => holder);
  const claimsHeld = () => refused(new ClaimsHeld(held.map(({ value }) => value)));
  const stored = found(0);

  if (isCreate && held.length) return claimsHeld();
  // Deleted under a newer revision: this one would be too old to create it again.
  if (isCreate && stored && isGone(stored)) return { unused: true };
  if (failed(0) && isCreate) return refused(keyExists(key));
  if (failed(0)) return refused(stored && !isGone(stored) ? keyConflict(key) : keyNotFound(key));
  // What it gains it did not have; if it has it now, somebody else was faster.
  if (held.some(({ holder }) => holder === keyText(key))) return refused(keyConflict(key));
  if (held.length) return claimsHeld();
  // Freed under a newer revision, or later by the clock of another space.
  if (contested.length)
    return { unused: true, notBefore: Math.max(...contested.map(({ item }) => freeFrom(space, item))) };
  // Readers gave the revision up.
  return failed(1) ? { unused: false } : undefined;
}
