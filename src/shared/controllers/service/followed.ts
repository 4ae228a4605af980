import { formatTime } from '../../clock/clock.ts';
import type { EndpointSlice, Pod, PodCondition } from '../../kinds/schema/types.ts';
import type { ServiceRef, TargetHealth } from '../../ports/cloud.ts';
import { balancerCondition, balancing, isGateOpen } from '../common/balancing.ts';
import { conditionOf } from '../common/pods.ts';

/** Pods of a Service whose readiness or end depends on its load balancer. */
export interface Followed {
  /** They would be ready but for the load balancer. */
  waiting: Pod[];
  /** They are being deleted. */
  ending: Pod[];
}

export interface Observed extends Followed {
  service: Pick<ServiceRef, 'name'>;
  /** By address; undefined while there is no load balancer that could send anything. */
  health: Map<string, TargetHealth> | undefined;
  /** How long connections may come after deregistration. */
  drainMs: number;
  now: number;
}

export interface Plan {
  set: { pod: Pod; condition: PodCondition }[];
  /** When to look again; undefined: when something changes. */
  againMs?: number;
}

/** How soon to look at a target that is being checked, and at one that failed its checks. */
const checkingMs = 10_000;
const unhealthyMs = 60_000;

/** Names of the Pods that are worth reading: neither simply ready, nor nobody's. */
export const namesToFollow = (slices: EndpointSlice[]): string[] => [
  ...new Set(
    slices.flatMap(({ endpoints }) =>
      (endpoints ?? []).flatMap(({ conditions, targetRef }) =>
        targetRef?.kind === 'Pod' && targetRef.name && (!conditions?.ready || conditions.terminating)
          ? [targetRef.name]
          : [],
      ),
    ),
  ),
];

/** Which of the Pods wait for the load balancer of the Service, and which are being deleted. */
export function followedOf({ name }: Pick<ServiceRef, 'name'>, pods: Pod[]): Followed {
  const type = balancerCondition(name);
  const isDeleted = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
  const waitsOnlyForUs = (pod: Pod) =>
    conditionOf(pod, 'ContainersReady')?.status === 'True' &&
    (pod.spec?.readinessGates ?? []).some(({ conditionType }) => conditionType === type) &&
    !isGateOpen(pod, type);
  return {
    waiting: pods.filter((pod) => !isDeleted(pod) && waitsOnlyForUs(pod)),
    ending: pods.filter(isDeleted),
  };
}

/** Whether a Pod may be followed otherwise than before: what is read of it has changed. */
export const changesFollowing = (pod: Pod, old: Pod): boolean => factsOf(pod) !== factsOf(old);

const factsOf = (pod: Pod): string =>
  JSON.stringify([
    pod.metadata.deletionTimestamp,
    pod.status?.podIP,
    conditionOf(pod, 'ContainersReady')?.status,
  ]);

/** What to tell of each Pod, after the load balancer was told of its targets. Pure. */
export function planFollowed({ service, waiting, ending, health, drainMs, now }: Observed): Plan {
  const type = balancerCondition(service.name);
  const plan: Plan = { set: [] };
  const again = (ms: number) => {
    plan.againMs = Math.min(plan.againMs ?? Number.POSITIVE_INFINITY, ms);
  };
  const set = (pod: Pod, status: 'True' | 'False', reason: string) =>
    plan.set.push({ pod, condition: { type, status, reason, lastTransitionTime: formatTime(now) } });
  for (const pod of waiting) {
    const state = health?.get(pod.status?.podIP ?? '');
    // Nobody comes by a load balancer that is still being made: to wait for it would only delay a first start.
    if (!health) set(pod, 'True', balancing.none);
    else if (state === 'healthy') set(pod, 'True', balancing.healthy);
    else again(state === 'unhealthy' ? unhealthyMs : checkingMs);
  }
  for (const pod of ending) {
    const { reason, status, lastTransitionTime } = conditionOf(pod, type) ?? {};
    if (reason === balancing.drained) continue;
    // The time has lost its fraction of a second.
    const remainingMs = Date.parse(lastTransitionTime ?? '') + 1000 + drainMs - now;
    const isGated = pod.spec?.readinessGates?.some(({ conditionType }) => conditionType === type);
    const neverCame = isGated && status !== 'True' && !health?.has(pod.status?.podIP ?? '');
    if (!health || (reason === balancing.deregistered ? remainingMs <= 0 : neverCame))
      set(pod, 'False', balancing.drained);
    else if (reason === balancing.deregistered) again(remainingMs);
    else {
      set(pod, 'False', balancing.deregistered);
      again(drainMs + 1000);
    }
  }
  return plan;
}
