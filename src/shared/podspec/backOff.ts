/** Describes how long a restarted container or a repeated image pull has to wait: kubelet's rule. */
export interface BackOffPolicy {
  /** The first delay, doubled at each failure. */
  baseMs: number;
  maxMs: number;
}

export const kubeletBackOff: BackOffPolicy = { baseMs: 10_000, maxMs: 300_000 };

/** Describes what is remembered between failures; plain JSON for the journal. */
export interface BackOff {
  delayMs: number;
  /** Says when it was last raised, ms since the epoch. */
  raisedAt: number;
}

/** Milliseconds still to wait after a failure at `failedAt`; 0 when there was none before: the first retry is at once. */
export const backOffLeft = (state: BackOff | undefined, failedAt: number, now: number): number =>
  state ? Math.max(0, failedAt + state.delayMs - now) : 0;

/** The state after one more attempt. A failure later than twice the maximum since the last raise starts anew. */
export const raiseBackOff = (
  state: BackOff | undefined,
  { baseMs, maxMs }: BackOffPolicy,
  failedAt: number,
  now: number,
): BackOff =>
  !state || failedAt - state.raisedAt > 2 * maxMs
    ? { delayMs: baseMs, raisedAt: now }
    : { delayMs: Math.min(state.delayMs * 2, maxMs), raisedAt: now };
