import { formatTime } from '../../clock/clock.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
} from '../../kinds/schema/types.ts';
import type { EventFacts } from '../controller.ts';
import { type History, historyOf, recommend, scale } from './history.ts';
import type { Measured } from './measure.ts';
import { pace } from './pace.ts';
import type { Refused } from './selected.ts';

export interface Plan {
  /** The new size, and why; absent: it stays. */
  rescale?: { replicas: number; reason: string };
  status: HorizontalPodAutoscalerStatus;
  history: History;
  events: EventFacts[];
}

type Conditions = HorizontalPodAutoscalerCondition[];

/** Sets a condition; the time changes with its status only. */
export function withCondition(
  conditions: Conditions,
  type: string,
  holds: boolean,
  reason: string,
  message: string,
  now: number,
): Conditions {
  const status = holds ? 'True' : 'False';
  const before = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? '') : formatTime(now);
  const next = { type, status, lastTransitionTime, reason, message };
  return before
    ? conditions.map((condition) => (condition === before ? next : condition))
    : [...conditions, next];
}

/** Returns what the sizes alone decide, without any metric; undefined when the metrics have to be asked. */
export function bySize(
  hpa: HorizontalPodAutoscaler,
  current: number,
): Plan['rescale'] | 'disabled' | undefined {
  const { minReplicas: min = 1, maxReplicas: max } = hpa.spec!;
  if (current === 0 && min !== 0) return 'disabled';
  const reason = (side: string) => `Current number of replicas ${side}`;
  if (current > max) return { replicas: max, reason: reason('above Spec.MaxReplicas') };
  if (current < min) return { replicas: min, reason: reason('below Spec.MinReplicas') };
  return undefined;
}

/** @param measured what each metric asks for, or why none was asked; absent when bySize decides. */
export function plan(
  hpa: HorizontalPodAutoscaler,
  current: number,
  measured: Measured[] | Refused | undefined,
  now: number,
): Plan {
  const history = historyOf(hpa, current, now);
  const all = Array.isArray(measured) ? measured : [];
  const before = hpa.status;
  const events: EventFacts[] = [];
  let conditions = before?.conditions ?? [];
  const set = (type: string, holds: boolean, reason: string, message: string) => {
    conditions = withCondition(conditions, type, holds, reason, message, now);
  };
  const finish = (desired: number, kept: History, rescale?: Plan['rescale']): Plan => {
    const metrics = all.map((one) => ('status' in one ? one.status : { type: '' }));
    return {
      ...(rescale && { rescale }),
      status: {
        ...(before?.lastScaleTime && { lastScaleTime: before.lastScaleTime }),
        ...(rescale && { lastScaleTime: formatTime(now) }),
        ...(current > 0 && { currentReplicas: current }),
        desiredReplicas: desired,
        currentMetrics: metrics,
        conditions,
      },
      history: kept,
      events,
    };
  };
  const get = "the HPA controller was able to get the target's current scale";
  set('AbleToScale', true, 'SucceededGetScale', get);
  const decided = bySize(hpa, current);
  if (decided === 'disabled') {
    const why = 'scaling is disabled since the replica count of the target is zero';
    set('ScalingActive', false, 'ScalingDisabled', why);
    return finish(current, history);
  }
  if (decided) return finish(decided.replicas, scale(history, decided.replicas - current, now), decided);

  if (measured && 'reason' in measured) {
    const { reason, why, condition } = measured;
    set('ScalingActive', false, condition.reason, condition.message);
    events.push({ type: 'Warning', reason, message: why });
    events.push({ type: 'Warning', reason: 'FailedComputeMetricsReplicas', message: why });
    return finish(before?.desiredReplicas ?? 0, history);
  }
  const failed = all.filter((one) => 'reason' in one);
  for (const { reason, why } of failed) events.push({ type: 'Warning', reason, message: why });
  const good = all.filter((one) => 'replicas' in one);
  // The first of the highest.
  const best = good.reduce<(typeof good)[number] | undefined>(
    (most, one) => (!most || most.replicas === 0 || one.replicas > most.replicas ? one : most),
    undefined,
  );
  if (!best || (failed.length > 0 && best.replicas < current)) {
    const first = failed[0]!;
    const unable = `the HPA was unable to compute the replica count: ${first.why}`;
    set('ScalingActive', false, first.reason, unable);
    const message = `invalid metrics (${failed.length} invalid out of ${all.length}), first error is: ${first.message}`;
    events.push({ type: 'Warning', reason: 'FailedComputeMetricsReplicas', message });
    return finish(before?.desiredReplicas ?? 0, history);
  }
  const found = `the HPA was able to successfully calculate a replica count from ${best.metric}`;
  set('ScalingActive', true, 'ValidMetricFound', found);
  const { minReplicas: min = 1, maxReplicas: max, behavior } = hpa.spec!;
  const wish = { current, desired: best.replicas, min, max, ...(behavior && { behavior }), history, now };
  const { replicas, able, limited } = pace(wish);
  set('AbleToScale', true, able.reason, able.message);
  set('ScalingLimited', limited.is, limited.reason, limited.message);
  const kept = recommend(history, best.replicas, now);
  if (replicas === current) return finish(current, kept);
  const reason = best.replicas > current ? `${best.metric} above target` : 'All metrics below target';
  return finish(replicas, scale(kept, replicas - current, now), { replicas, reason });
}
