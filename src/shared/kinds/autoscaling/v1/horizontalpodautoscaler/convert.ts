import type {
  AutoscalingV1HorizontalPodAutoscaler,
  AutoscalingV1MetricSpec,
  AutoscalingV1MetricStatus,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
} from '../../../schema/types.ts';
import { usualMetric, wholeBehavior } from '../../defaults.ts';
import { behaviorFromGo, behaviorToGo } from './behavior.ts';
import { metricFromV1, metricToV1, statusFromV1, statusToV1 } from './metrics.ts';

/** Says where Kubernetes keeps what autoscaling/v1 has no fields for. */
const prefix = 'autoscaling.alpha.kubernetes.io/';
const [metricsKey, statusesKey, conditionsKey, behaviorKey] = [
  `${prefix}metrics`,
  `${prefix}current-metrics`,
  `${prefix}conditions`,
  `${prefix}behavior`,
];
const keys = [
  metricsKey,
  statusesKey,
  conditionsKey,
  behaviorKey,
  `${prefix}scale-down-tolerance`,
  `${prefix}scale-up-tolerance`,
];

type V1 = AutoscalingV1HorizontalPodAutoscaler;
type V2 = HorizontalPodAutoscaler;

/** Converts from autoscaling/v2. What v1 has no field for goes into annotations, from which `toV2` restores it. */
export function fromV2({ metadata, spec, status, ...head }: V2): V1 {
  const metrics = spec?.metrics ?? [];
  const cpu = metrics.find(isUsual);
  const others = metrics.filter((metric) => !isUsual(metric));
  const { currentMetrics, conditions, ...counts }: Partial<V2['status'] & object> = status ?? {};
  const used = (currentMetrics ?? []).findLast(
    ({ type, resource }) =>
      type === 'Resource' && resource?.name === 'cpu' && resource.current.averageUtilization !== undefined,
  )?.resource?.current.averageUtilization;
  const extra = {
    ...(others.length > 0 && { [metricsKey]: JSON.stringify(others.map(metricToV1)) }),
    ...(currentMetrics?.length && { [statusesKey]: JSON.stringify(currentMetrics.map(statusToV1)) }),
    ...(spec?.behavior && { [behaviorKey]: JSON.stringify(behaviorToGo(spec.behavior)) }),
    ...(conditions?.length && { [conditionsKey]: JSON.stringify(conditions.map(inOrder)) }),
  };
  const utilization = cpu?.resource?.target.averageUtilization;
  return {
    ...head,
    apiVersion: 'autoscaling/v1',
    metadata: annotated(metadata, extra),
    ...(spec && {
      spec: {
        scaleTargetRef: spec.scaleTargetRef,
        ...(spec.minReplicas !== undefined && { minReplicas: spec.minReplicas }),
        maxReplicas: spec.maxReplicas,
        ...(utilization !== undefined && { targetCPUUtilizationPercentage: utilization }),
      },
    }),
    status: {
      ...counts,
      currentReplicas: counts.currentReplicas ?? 0,
      desiredReplicas: counts.desiredReplicas ?? 0,
      ...(used !== undefined && { currentCPUUtilizationPercentage: used }),
    },
  };
}

/** Converts to autoscaling/v2, and takes out the annotations that `fromV2` wrote. */
export function toV2({ metadata, spec, status, ...head }: V1): V2 {
  const {
    [metricsKey]: kept,
    [statusesKey]: seen,
    [conditionsKey]: told,
    [behaviorKey]: rules,
  } = metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: target, ...rest } = spec ?? {};
  const {
    currentCPUUtilizationPercentage: used,
    currentReplicas,
    ...counts
  }: Partial<V1['status'] & object> = status ?? {};
  const cpu: MetricSpec[] = target === undefined ? [] : [cpuMetric(target)];
  const others = (parsed<AutoscalingV1MetricSpec[]>(kept) ?? []).map(metricFromV1);
  const metrics = [...others, ...cpu];
  const behavior = behaviorFromGo(parsed(rules)) as HorizontalPodAutoscalerBehavior | undefined;
  const conditions = parsed<HorizontalPodAutoscalerCondition[]>(told);
  const measured = parsed<AutoscalingV1MetricStatus[]>(seen)?.map(statusFromV1);
  const ofCpu = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: used! } } };
  const currentMetrics = measured ?? (used === undefined ? undefined : [ofCpu]);
  return {
    ...head,
    apiVersion: 'autoscaling/v2',
    metadata: annotated(metadata, {}),
    ...(spec && {
      spec: {
        ...(rest as Omit<typeof spec, 'targetCPUUtilizationPercentage'>),
        metrics: metrics.length > 0 ? metrics : [structuredClone(usualMetric)],
        ...(behavior && { behavior: wholeBehavior(behavior) }),
      },
    }),
    status: {
      ...counts,
      ...(currentReplicas && { currentReplicas }),
      desiredReplicas: counts.desiredReplicas ?? 0,
      currentMetrics: (currentMetrics ?? null) as V2['status'] extends { currentMetrics: infer M }
        ? M
        : never,
      ...(conditions && { conditions }),
    } as V2['status'] & object,
  };
}

const isUsual = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

const cpuMetric = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** As Go writes its fields. */
const inOrder = ({
  type,
  status,
  lastTransitionTime,
  reason,
  message,
}: HorizontalPodAutoscalerCondition) => ({
  type,
  status,
  lastTransitionTime: lastTransitionTime ?? null,
  ...(reason && { reason }),
  ...(message && { message }),
});

function annotated(metadata: V1['metadata'], extra: Record<string, string>): V1['metadata'] {
  const { annotations, ...rest } = metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => !keys.includes(key));
  const all = [...own, ...Object.entries(extra)].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...rest, ...(all.length > 0 && { annotations: Object.fromEntries(all) }) };
}

/** What is no JSON is passed over. */
function parsed<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
