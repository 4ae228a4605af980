import { boundedSeconds } from '../../clock/seconds.ts';
import type { Job, JobCondition, Pod } from '../../kinds/schema/types.ts';
import { conditionOf, newCondition } from './conditions.ts';
import { isFailed, isIndexed, isSuspended } from './facts.ts';
import { sizeOf } from './intervals.ts';
import type { Observed, Tally } from './observed.ts';
import { successBy, verdictOn } from './policies.ts';

/** Describes how the Job ends: what its status says before the last Pods have gone, and then. */
export interface Outcome {
  succeeds: boolean;
  reason: string;
  message: string;
  /** The status says already that it is going to end so. */
  isSaid: boolean;
}

const failure = (reason: string, message: string): Outcome => ({
  succeeds: false,
  reason,
  message,
  isSaid: false,
});

/** The end that is decided by now, whether all Pods have done their work or not; undefined while it goes on. */
export function outcomeOf(observed: Observed, tally: Tally): Outcome | undefined {
  const { job, pods, now } = observed;
  return (
    said(job) ??
    byPolicy(job, pods) ??
    (exceedsBackoff(job, pods, tally)
      ? failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
      : undefined) ??
    (msUntilDeadline(job, now) <= 0
      ? failure('DeadlineExceeded', 'Job was active longer than specified deadline')
      : undefined) ??
    byIndexes(job, tally)
  );
}

/** All that was asked for has been done, and nothing runs. */
export function completed({ spec }: Job, succeeded: number, active: number): Outcome | undefined {
  const enough = spec?.completions === undefined ? succeeded > 0 : succeeded >= spec.completions;
  if (!enough || active > 0) return undefined;
  const message = 'Reached expected number of succeeded pods';
  return { succeeds: true, reason: 'CompletionsReached', message, isSaid: false };
}

/** Returns what the status says before the Job has ended; then it says Complete or Failed. */
export const interim = ({ succeeds, reason, message }: Outcome, now: number): JobCondition =>
  newCondition(succeeds ? 'SuccessCriteriaMet' : 'FailureTarget', 'True', reason, message, now);

/** Makes the condition that ends the Job, once none of its Pods runs any more. */
export const final = ({ succeeds, reason, message }: Outcome, now: number): JobCondition =>
  newCondition(succeeds ? 'Complete' : 'Failed', 'True', reason, message, now);

/** Infinity when there is none, or when it does not count at the moment. */
export function msUntilDeadline(job: Job, now: number): number {
  const { activeDeadlineSeconds: seconds } = job.spec ?? {};
  const { startTime } = job.status ?? {};
  if (seconds === undefined || !startTime || isSuspended(job)) return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + boundedSeconds(seconds) * 1000 - now;
}

function said({ status }: Job): Outcome | undefined {
  for (const type of ['SuccessCriteriaMet', 'FailureTarget']) {
    const condition = conditionOf(status?.conditions, type);
    if (condition?.status !== 'True') continue;
    const { reason = '', message = '' } = condition;
    return { succeeds: type === 'SuccessCriteriaMet', reason, message, isSaid: true };
  }
  return undefined;
}

function byPolicy(job: Job, pods: Pod[]): Outcome | undefined {
  const policy = job.spec?.podFailurePolicy;
  if (!policy) return undefined;
  for (const pod of pods) {
    const { failsJob } = isFailed(pod, job) ? verdictOn(policy, pod) : {};
    if (failsJob) return failure('PodFailurePolicy', failsJob);
  }
  return undefined;
}

function exceedsBackoff({ spec }: Job, pods: Pod[], { failed }: Tally): boolean {
  const limit = spec?.backoffLimit ?? 6;
  if (failed > limit) return true;
  if (spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  // Containers that are started again in their Pods count as Pods that failed.
  const restarts = pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function byIndexes(job: Job, { succeededIndexes, failedIndexes }: Tally): Outcome | undefined {
  const { spec } = job;
  if (!isIndexed(job)) return undefined;
  const completions = spec?.completions ?? 0;
  const failed = failedIndexes ? sizeOf(failedIndexes) : 0;
  if (spec?.maxFailedIndexes !== undefined && failed > spec.maxFailedIndexes)
    return failure(
      'MaxFailedIndexesExceeded',
      'Job has exceeded the specified maximal number of failed indexes',
    );
  if (failed > 0 && failed + sizeOf(succeededIndexes) >= completions)
    return failure('FailedIndexes', 'Job has failed indexes');
  const message = successBy(spec?.successPolicy, completions, succeededIndexes);
  return message === undefined
    ? undefined
    : { succeeds: true, reason: 'SuccessPolicy', message, isSaid: false };
}
