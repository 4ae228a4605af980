import type { Clock } from '../../clock/clock.ts';
import type { Soon } from '../../meta/soon.ts';

/**
 * Answers what was read within the last `trustedMs` again, unless a fresh answer is asked for. On AWS each look at a
 * resource is a query that is paid for; on one machine `trustedMs` is 0 and every answer is fresh.
 */
export function trusted<T>(
  read: (cluster: string) => Soon<T>,
  clock: Clock,
  trustedMs: number,
): (cluster: string, fresh?: boolean) => Soon<T> {
  if (!trustedMs) return read;
  const known = new Map<string, { value: T; looked: number }>();
  return async (cluster, fresh = false) => {
    const before = known.get(cluster);
    const now = clock.now();
    if (before && !fresh && now - before.looked < trustedMs) return before.value;
    const value = await read(cluster);
    known.delete(cluster);
    known.set(cluster, { value, looked: now });
    if (known.size > mostClusters) known.delete(known.keys().next().value!);
    return value;
  };
}

const mostClusters = 1_000;
