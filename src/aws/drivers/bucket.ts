import type { Clock } from '../../shared/clock/clock.ts';

/**
 * Lets `burst` through at once and then one every `everyMs`; callers wait their turn in order. A caller that would
 * have to wait longer than `mostMs` gets false at once, and no turn.
 */
export function tokenBucket(
  clock: Clock,
  { burst, everyMs, mostMs }: { burst: number; everyMs: number; mostMs: number },
): () => Promise<boolean> {
  let emptyAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    const next = Math.max(emptyAt, now - burst * everyMs) + everyMs;
    if (next - now > mostMs) return false;
    emptyAt = next;
    if (next > now) await clock.sleep(next - now);
    return true;
  };
}
