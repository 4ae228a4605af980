import type { Clock } from '../../../clock/clock.ts';

/** Lets `burst` through at once and then one every `everyMs`; callers wait their turn in order. */
export function tokenBucket(clock: Clock, burst: number, everyMs: number): () => Promise<void> {
  let emptyAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    emptyAt = Math.max(emptyAt, now - burst * everyMs) + everyMs;
    if (emptyAt > now) await clock.sleep(emptyAt - now);
  };
}
