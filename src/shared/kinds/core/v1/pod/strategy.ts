import { formatTime } from '../../../../clock/clock.ts';
import { qosClassOf } from '../../../../meta/qos.ts';
import { ownValue } from '../../../../meta/table.ts';
import type { StrategyContext } from '../../../kind.ts';
import type {
  AppArmorProfile,
  LabelSelector,
  Pod,
  PodAffinityTerm,
  PodCondition,
  PodSpec,
} from '../../../schema/types.ts';
import { appArmorPrefix } from './validate/annotations.ts';
import { outdatedProfile } from './warnings/containers.ts';

type Labels = Record<string, string>;

export function prepareForCreate(pod: Pod, { clock, warn }: Pick<StrategyContext, 'clock' | 'warn'>): void {
  const { spec } = pod;
  if (!spec) return;
  confineByAnnotation(pod, warn);
  const conditions: PodCondition[] = spec.schedulingGates?.length
    ? [schedulingGated(formatTime(clock.now()))]
    : [];
  pod.status = {
    phase: 'Pending',
    ...(conditions.length > 0 && { conditions }),
    qosClass: qosClassOf(spec),
  };
  selectByOwnLabels(spec, pod.metadata.labels ?? {});
}

/** A status that says nothing of the class keeps it: it never changes. */
export function prepareForUpdate(pod: Pod, old: Pod): void {
  const { status } = pod;
  if (!status) return;
  if (old.status?.qosClass) status.qosClass ??= old.status.qosClass;
  // Two fields for one thing: the older wins.
  if (status.podIP && status.podIP !== status.podIPs?.[0]?.ip) status.podIPs = [{ ip: status.podIP }];
  else if (status.podIPs?.[0]) status.podIP = status.podIPs[0].ip;
}

/** Seconds until the Pod is removed. One that runs nowhere, or nothing any more, goes at once. */
export function gracePeriod({ spec, status }: Pod, requested: number | undefined): number | undefined {
  if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return undefined;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds || undefined;
}

const schedulingGated = (now: string): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null as unknown as string,
  lastTransitionTime: now,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
});

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
    const value = ownValue(labels, key);
    if (value === undefined) continue;
    selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}

/** An annotation was once the only way to name an AppArmor profile. */
function confineByAnnotation({ metadata: { annotations }, spec }: Pod, warn?: (text: string) => void): void {
  if (!annotations || !spec) return;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const profile = annotations[`${appArmorPrefix}${container.name}`];
    if (profile === undefined) continue;
    warn?.(outdatedProfile('', container.name));
    if (container.securityContext?.appArmorProfile) continue;
    const appArmorProfile = profileOf(profile);
    if (appArmorProfile) container.securityContext = { ...container.securityContext, appArmorProfile };
  }
}

function profileOf(text: string): AppArmorProfile | undefined {
  if (text === 'runtime/default') return { type: 'RuntimeDefault' };
  if (text === 'unconfined') return { type: 'Unconfined' };
  const [, localhostProfile] = /^localhost\/(.+)$/.exec(text) ?? [];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}
