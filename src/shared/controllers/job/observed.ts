import type { Job, Pod } from '../../kinds/schema/types.ts';
import { isActive, isReady } from '../common/pods.ts';
import { finishedAt } from './backoff.ts';
import {
  failuresBefore,
  ignoredBefore,
  isFailed,
  isIndexed,
  isTerminating,
  isTracked,
  limitsPerIndex,
  validIndexOf,
} from './facts.ts';
import { has, type Intervals, merged, parseIntervals, sizeOf, withIndexes } from './intervals.ts';
import { verdictOn } from './policies.ts';

export interface Observed {
  job: Job;
  /** Those it controls. */
  pods: Pod[];
  /** Changes when a Pod of the Job is gone: names of new ones take it in. */
  epoch: number;
  now: number;
}

/** Describes what follows from the Pods, and from what the status has counted already. */
export interface Tally {
  active: Pod[];
  ready: number;
  terminating: number;
  succeeded: number;
  failed: number;
  /** Indexes that had succeeded before, and that have now; empty for a Job without indexes. */
  before: Intervals;
  succeededIndexes: Intervals;
  /** Only where each index has a limit of its own. */
  failedIndexes?: Intervals;
  /** By index, the failed Pod that a new one is to follow: it is kept until then, since it knows how often it failed. */
  toFollow: Map<number, Pod>;
}

/** Counts the Pods of a Job: those that run, and those that have ended and are not in the status yet. */
export function tallyOf({ job, pods }: Observed): Tally {
  const { status = {}, spec } = job;
  const uncounted = status.uncountedTerminatedPods ?? {};
  const completions = spec?.completions ?? 0;
  const active = pods.filter(isActive);
  const isNew = (pod: Pod, counted: string[] = []) =>
    isTracked(pod) &&
    !counted.includes(pod.metadata.uid ?? '') &&
    (!isIndexed(job) || validIndexOf(pod, job) !== undefined);
  const newSucceeded = pods.filter(
    (pod) => pod.status?.phase === 'Succeeded' && isNew(pod, uncounted.succeeded),
  );
  const newFailed = pods.filter(
    (pod) =>
      isFailed(pod, job) && isNew(pod, uncounted.failed) && verdictOn(spec?.podFailurePolicy, pod).counts,
  );
  const before = isIndexed(job) ? parseIntervals(status.completedIndexes, completions) : [];
  const done = pods.filter((pod) => pod.status?.phase === 'Succeeded' && isTracked(pod));
  const succeededIndexes = isIndexed(job) ? withIndexes(before, indexesOf(done, job)) : [];
  const tally: Tally = {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeeded: isIndexed(job)
      ? sizeOf(succeededIndexes)
      : (status.succeeded ?? 0) + newSucceeded.length + (uncounted.succeeded?.length ?? 0),
    failed: (status.failed ?? 0) + newFailed.length + (uncounted.failed?.length ?? 0),
    before,
    succeededIndexes,
    toFollow: new Map(),
  };
  if (!isIndexed(job) || !limitsPerIndex(job)) return tally;
  const lost = pods.filter((pod) => isTracked(pod) && failsItsIndex(pod, job));
  tally.failedIndexes = withIndexes(parseIntervals(status.failedIndexes, completions), indexesOf(lost, job));
  tally.toFollow = lastFailures(job, pods, tally);
  return tally;
}

const indexesOf = (pods: Pod[], job: Job): number[] => pods.flatMap((pod) => validIndexOf(pod, job) ?? []);

function failsItsIndex(pod: Pod, job: Job): boolean {
  if (!isFailed(pod, job)) return false;
  const { counts, failsIndex } = verdictOn(job.spec?.podFailurePolicy, pod);
  return failsIndex || (counts && failuresBefore(pod) >= (job.spec?.backoffLimitPerIndex ?? 0));
}

/** Indexes that nothing is to be done for any more, or that a Pod is there for. */
const settledIndexes = (job: Job, { active, succeededIndexes, failedIndexes = [] }: Tally): Intervals =>
  withIndexes(merged(succeededIndexes, failedIndexes), indexesOf(active, job));

function lastFailures(job: Job, pods: Pod[], tally: Tally): Map<number, Pod> {
  const settled = settledIndexes(job, tally);
  const last = new Map<number, Pod>();
  const failures = (pod: Pod) => failuresBefore(pod) + ignoredBefore(pod);
  for (const pod of pods) {
    const index = validIndexOf(pod, job);
    if (index === undefined || !isTracked(pod) || !isFailed(pod, job) || has(settled, index)) continue;
    const other = last.get(index);
    if (!other || (failures(other) <= failures(pod) && finishedAt(other) <= finishedAt(pod)))
      last.set(index, pod);
  }
  return last;
}
