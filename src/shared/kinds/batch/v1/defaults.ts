import type { Rules } from '../../schema/defaultRules.ts';
import type {
  CronJobSpec,
  Job,
  JobSpec,
  ObjectMeta,
  PodFailurePolicyOnPodConditionsPattern,
} from '../../schema/types.ts';

const unlimited = 2 ** 31 - 1;

export const batchDefaults: Rules = {
  // These hold for Jobs alone, not for the templates of Jobs.
  Job: {
    adjust({ metadata, spec }: Job) {
      if (!spec) return;
      labelAsPods(metadata, spec);
      defaultCounts(spec);
      spec.completionMode ??= 'NonIndexed';
      spec.suspend ??= false;
      spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
      spec.manualSelector ??= false;
    },
  },
  PodFailurePolicyOnPodConditionsPattern: {
    adjust(pattern: PodFailurePolicyOnPodConditionsPattern) {
      pattern.status ||= 'True';
    },
  },
  CronJobSpec: {
    adjust(spec: CronJobSpec) {
      spec.concurrencyPolicy ||= 'Allow';
    },
    fields: { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  },
};

/** Pods of a new Job get labels that name it, and the Job has them too: they are not there before it is made. */
function labelAsPods(metadata: ObjectMeta, { template, manualSelector }: JobSpec): void {
  const labels = template?.metadata?.labels ?? {};
  const isWhole = manualSelector || labels['batch.kubernetes.io/controller-uid'] !== undefined;
  if (isWhole && isEmpty(metadata.labels) && !isEmpty(labels)) metadata.labels = { ...labels };
}

const isEmpty = (map: object | undefined) => !map || Object.keys(map).length === 0;

function defaultCounts(spec: JobSpec): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited;
}
