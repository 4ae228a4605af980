import type { Clock } from '../../clock/clock.ts';

const mostClusters = 1_000;

/** Answers again what was read less than a while ago: where a look costs a query, and a moment later is soon enough. */
export function trusted<T>(
  read: (cluster: string) => Promise<T>,
  clock: Clock,
  ms: number,
): (cluster: string) => Promise<T> {
  if (ms <= 0) return read;
  const known = new Map<string, { value: T; looked: number }>();
  return async (cluster) => {
    const before = known.get(cluster);
    if (before && clock.now() - before.looked < ms) return before.value;
    const looked = clock.now();
    const value = await read(cluster);
    known.delete(cluster);
    known.set(cluster, { value, looked });
    if (known.size > mostClusters) known.delete(known.keys().next().value!);
    return value;
  };
}
