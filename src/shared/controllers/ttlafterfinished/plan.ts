import type { Job } from '../../kinds/schema/types.ts';

/** Milliseconds until the Job may be deleted; Infinity while it may not, or need not. */
export function msUntilExpiry({ metadata, spec, status }: Job, now: number): number {
  const { ttlSecondsAfterFinished: seconds } = spec ?? {};
  const end = status?.conditions?.find(
    ({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True',
  );
  if (metadata.deletionTimestamp || seconds === undefined || !end?.lastTransitionTime)
    return Number.POSITIVE_INFINITY;
  return Date.parse(end.lastTransitionTime) + seconds * 1000 - now;
}
