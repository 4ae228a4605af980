import { boundedSeconds } from '../../clock/seconds.ts';
import type { Job, Pod } from '../../kinds/schema/types.ts';
import { conditionOf } from '../common/pods.ts';
import { failuresBefore, ignoredBefore, isFailed } from './facts.ts';

const firstMs = 10_000;
const mostMs = 600_000;

/**
 * Returns how long no Pod is made after others have failed, in milliseconds: it doubles with each failure since the
 * last success. The Pods themselves are the memory: they stay when they are done.
 */
export function backoffLeft(job: Job, pods: Pod[], now: number): number {
  const ends = (some: Pod[]) => some.map(finishedAt);
  const lastSuccess = Math.max(0, ...ends(pods.filter(({ status }) => status?.phase === 'Succeeded')));
  const failures = ends(pods.filter((pod) => isFailed(pod, job))).filter((at) => at > lastSuccess);
  return leftAfter(failures.length, Math.max(0, ...failures), now);
}

/** The same for one index, whose last failed Pod says how many there were before. */
export const indexBackoffLeft = (lastFailed: Pod | undefined, now: number): number =>
  lastFailed
    ? leftAfter(failuresBefore(lastFailed) + ignoredBefore(lastFailed) + 1, finishedAt(lastFailed), now)
    : 0;

const leftAfter = (failures: number, lastAt: number, now: number): number =>
  failures === 0
    ? 0
    : Math.max(0, Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 10)) - (now - lastAt));

/** Returns when the Pod ended, or at least stopped being of use. */
export function finishedAt({ metadata, spec, status }: Pod): number {
  const sidecars = (spec?.initContainers ?? [])
    .filter((c) => c.restartPolicy === 'Always')
    .map((c) => c.name);
  const ends = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.includes(name)),
  ].map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  if (ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends);
  const ready = conditionOf({ metadata, ...(status && { status }) }, 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime) return Date.parse(ready.lastTransitionTime);
  if (metadata.deletionTimestamp)
    return (
      Date.parse(metadata.deletionTimestamp) - boundedSeconds(metadata.deletionGracePeriodSeconds ?? 0) * 1000
    );
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}
