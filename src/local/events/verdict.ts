import type { EventAnswer } from '../../shared/ports/eventReceivers.ts';

/** Is what an attempt led to: told, to be tried again (not before some time, where the receiver says so), or in vain. */
export type Verdict =
  | { is: 'told' }
  | { is: 'again'; why: string; afterMs?: number }
  | { is: 'in vain'; why: string };

/** Says that this event will never be taken; what else goes wrong may be about the receiver, and pass. */
const neverTaken = [400, 410, 413, 415, 422];
/** A receiver may ask for a pause, not for silence. */
const longestPauseMs = 3_600_000;

/** Judges an answer. A redirect is not followed: who signs for one receiver does not tell another. */
export function verdictOf({ status, retryAfter }: EventAnswer, now: number): Verdict {
  if (status >= 200 && status < 300) return { is: 'told' };
  const why = `the receiver answered ${status}${status >= 300 && status < 400 ? ', which is not followed' : ''}`;
  if (neverTaken.includes(status)) return { is: 'in vain', why };
  const afterMs = status === 429 || status === 503 ? pauseOf(retryAfter, now) : undefined;
  return { is: 'again', why, ...(afterMs !== undefined && { afterMs }) };
}

function pauseOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  // What Date.parse makes of other texts is of its own invention.
  const date = /GMT$/.test(text) ? Date.parse(text) - now : Number.NaN;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : date;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestPauseMs) : undefined;
}
