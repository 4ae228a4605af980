import type { LabelSelector, Pod, PodAffinityTerm, PodCondition, PodSpec } from '../../../schema/types.ts';
import { qosClassOf } from './qos.ts';

type Labels = Record<string, string>;

export function prepareForCreate(pod: Pod): void {
  const { spec } = pod;
  if (!spec) return;
  const conditions: PodCondition[] = spec.schedulingGates?.length ? [schedulingGated] : [];
  pod.status = {
    phase: 'Pending',
    ...(conditions.length > 0 && { conditions }),
    qosClass: qosClassOf(spec),
  };
  selectByOwnLabels(spec, pod.metadata.labels ?? {});
}

/** A status that says nothing of the class keeps it: it never changes. */
export function prepareForUpdate(pod: Pod, old: Pod): void {
  if (pod.status && old.status?.qosClass) pod.status.qosClass ??= old.status.qosClass;
}

/** Seconds until the Pod is removed. One that runs nowhere, or nothing any more, goes at once. */
export function gracePeriod({ spec, status }: Pod, requested: number | undefined): number | undefined {
  if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return undefined;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds || undefined;
}

const schedulingGated: PodCondition = {
  type: 'PodScheduled',
  status: 'False',
  // Kubernetes writes the empty times of this condition.
  lastProbeTime: null as unknown as string,
  lastTransitionTime: null as unknown as string,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

/** matchLabelKeys say "the value that this Pod has": they become requirements of the selector. */
function selectByOwnLabels({ affinity, topologySpreadConstraints = [] }: PodSpec, labels: Labels): void {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((a): PodAffinityTerm[] => [
    ...(a?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p) => p.podAffinityTerm),
    ...(a?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
  ]);
  for (const { labelSelector, matchLabelKeys, mismatchLabelKeys } of terms) {
    require(labelSelector, matchLabelKeys, 'In', labels);
    require(labelSelector, mismatchLabelKeys, 'NotIn', labels);
  }
  for (const { labelSelector, matchLabelKeys } of topologySpreadConstraints) {
    require(labelSelector, matchLabelKeys, 'In', labels);
  }
}

function require(
  selector: LabelSelector | undefined,
  keys: string[] | undefined,
  operator: 'In' | 'NotIn',
  labels: Labels,
): void {
  if (!selector) return;
  for (const key of keys ?? []) {
    const value = labels[key];
    if (value === undefined) continue;
    selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}
