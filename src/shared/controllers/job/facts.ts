import type { Job, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';

/** Keeps a finished Pod until the Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
/** The annotation, and the label, that says which index of its Job a Pod is. */
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
/** Counts the failures of the index before this Pod, for backoffLimitPerIndex. */
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
/**
 * Counts the failures of the index before this Pod that a failure policy ignored; they lengthen the wait before the
 * next Pod all the same.
 */
export const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** Returns whether the Pod still has the finalizer that keeps it until it has been counted. */
export const isTracked = ({ metadata }: Pod): boolean => !!metadata.finalizers?.includes(trackingFinalizer);
/** Returns whether each Pod of the Job has an index of its own. */
export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';
/** Returns whether the Job is to have no Pods for now. */
export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;
/** Returns whether failures are counted for each index by itself. */
export const limitsPerIndex = ({ spec }: Job): boolean => spec?.backoffLimitPerIndex !== undefined;

/** Returns whether a new Pod has to wait until the old one has ended, not only begun to. */
export const waitsForEnd = ({ spec }: Job): boolean =>
  spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;

/** A Pod that is being deleted counts as failed, since it may never get to say so. */
export const isFailed = (pod: Pod, job: Job): boolean =>
  pod.status?.phase === 'Failed' ||
  (!waitsForEnd(job) && !!pod.metadata.deletionTimestamp && pod.status?.phase !== 'Succeeded');

/** Returns whether the Pod is being deleted and still runs. */
export const isTerminating = (pod: Pod): boolean => !!pod.metadata.deletionTimestamp && !isTerminal(pod);

/** Returns which index of its Job it is; undefined when it does not say, or says nonsense. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexAnnotation];
  return text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

/** As indexOf, of those that the Job has. */
export function validIndexOf(pod: Pod, { spec }: Job): number | undefined {
  const index = indexOf(pod);
  return index !== undefined && index < (spec?.completions ?? 0) ? index : undefined;
}

const countIn = (pod: Pod, annotation: string): number => {
  const count = Number(pod.metadata.annotations?.[annotation] ?? 0);
  return Number.isInteger(count) && count >= 0 && count < 2 ** 31 ? count : 0;
};
/** Failures of Pods of this index before it that counted. */
export const failuresBefore = (pod: Pod): number => countIn(pod, failureCountAnnotation);
/** Reads how many ignored failures the Pod's index had before it; 0 without the annotation. */
export const ignoredBefore = (pod: Pod): number => countIn(pod, ignoredCountAnnotation);
