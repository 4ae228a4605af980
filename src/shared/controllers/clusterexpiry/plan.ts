import type { LogicalCluster } from '../../kinds/shallop.dev/v1/logicalcluster/types.ts';

/** Milliseconds until a logical cluster has lived its time, 0 when it has; undefined: it has no time, or goes already. */
export function remaining({ metadata, spec }: LogicalCluster, now: number): number | undefined {
  const seconds = spec?.ttlSecondsAfterCreation;
  if (seconds === undefined || metadata.deletionTimestamp) return undefined;
  return Math.max(0, Date.parse(metadata.creationTimestamp ?? '') + seconds * 1000 - now);
}
