import type { Job, JobStatus, Pod } from '../../kinds/schema/types.ts';
import { isFailed, isIndexed, isTracked, validIndexOf } from './facts.ts';
import { formatIntervals, has, sizeOf, withIndexes } from './intervals.ts';
import type { Observed, Tally } from './observed.ts';
import type { Outcome } from './outcome.ts';
import { verdictOn } from './policies.ts';

/** So many Pods wait to be counted at a time: a status stays below some 20 KB. */
const mostUncounted = 500;

/** Is one step of counting ended Pods so that a crash at any point counts none twice and loses none. */
export interface Tracking {
  /** Written before the Pods are let go of: it names those that are to be counted. */
  status: JobStatus;
  /** Pods that are done: without the finalizer they may go. */
  release: Pod[];
  /** Says whether there are more, for the next run. */
  isPartial: boolean;
}

/** Counts ended Pods in two steps: a crash between the steps counts none twice and loses none. */
export function track(observed: Observed, tally: Tally, outcome: Outcome | undefined): Tracking {
  const { job, pods } = observed;
  const status = counted(job.status ?? {}, pods);
  const succeeded = [...(status.uncountedTerminatedPods?.succeeded ?? [])];
  const failed = [...(status.uncountedTerminatedPods?.failed ?? [])];
  const indexes: number[] = [];
  const release: Pod[] = [];
  let isPartial = false;
  const inOrder = isIndexed(job) ? [...pods].sort((a, b) => orderOf(a, job) - orderOf(b, job)) : pods;
  for (const pod of inOrder) {
    if (!isTracked(pod) || !mayGo(job, pod, tally, outcome)) continue;
    release.push(pod);
    const { uid = '' } = pod.metadata;
    const index = validIndexOf(pod, job);
    if (pod.status?.phase === 'Succeeded' && !failed.includes(uid)) {
      if (!isIndexed(job)) {
        if (!succeeded.includes(uid)) succeeded.push(uid);
      } else if (index !== undefined && !has(tally.before, index)) indexes.push(index);
    } else if (isFailed(pod, job) || (outcome && !outcome.succeeds)) {
      const isKnown = !isIndexed(job) || index !== undefined;
      if (isKnown && !failed.includes(uid) && verdictOn(job.spec?.podFailurePolicy, pod).counts)
        failed.push(uid);
    }
    if (indexes.length + succeeded.length + failed.length >= mostUncounted) {
      isPartial = true;
      break;
    }
  }
  const uncountedTerminatedPods = {
    ...(succeeded.length > 0 && { succeeded }),
    ...(failed.length > 0 && { failed }),
  };
  return {
    status: { ...status, uncountedTerminatedPods, ...indexStatus(job, tally, indexes) },
    release,
    isPartial,
  };
}

/** The status with those counted that were let go of: of whom a Pod still has the finalizer, it is not. */
export function counted(status: JobStatus, pods: Pod[]): JobStatus {
  const held = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ''));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const stillThere = (uids: string[]) => uids.filter((uid) => held.has(uid));
  const [waiting, lost] = [stillThere(succeeded), stillThere(failed)];
  const plus = (name: 'succeeded' | 'failed', more: number) =>
    more > 0 ? { [name]: (status[name] ?? 0) + more } : {};
  return {
    ...status,
    ...plus('succeeded', succeeded.length - waiting.length),
    ...plus('failed', failed.length - lost.length),
    uncountedTerminatedPods: {
      ...(waiting.length > 0 && { succeeded: waiting }),
      ...(lost.length > 0 && { failed: lost }),
    },
  };
}

const orderOf = (pod: Pod, job: Job): number => validIndexOf(pod, job) ?? -1;

/** Indexes are counted by what they are, so their Pods need no list. */
function indexStatus(job: Job, tally: Tally, more: number[]): Partial<JobStatus> {
  if (!isIndexed(job)) return {};
  const done = withIndexes(tally.before, more);
  return {
    succeeded: sizeOf(done),
    completedIndexes: formatIntervals(done),
    ...(tally.failedIndexes && { failedIndexes: formatIntervals(tally.failedIndexes) }),
  };
}

function mayGo(job: Job, pod: Pod, { toFollow }: Tally, outcome: Outcome | undefined): boolean {
  if (job.metadata.deletionTimestamp || outcome || pod.status?.phase === 'Succeeded') return true;
  if (!isFailed(pod, job)) return false;
  const index = validIndexOf(pod, job);
  return index === undefined || toFollow.get(index)?.metadata.uid !== pod.metadata.uid;
}
