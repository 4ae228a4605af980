import { formatTime } from '../../clock/clock.ts';
import type { EndpointSlice, Pod, PodCondition } from '../../kinds/schema/types.ts';
import type { TargetHealth } from '../../ports/cloud.ts';
import { balancerGates, balancing, isGateOpen } from '../common/balancing.ts';
import { conditionOf } from '../common/pods.ts';

/** Pods whose readiness or end depends on a load balancer. */
export interface Followed {
  /** They would be ready but for load balancers, this one or another. */
  waiting: Pod[];
  /** They are being deleted. */
  ending: Pod[];
}

export interface Observed extends Followed {
  /** Type of the condition that is the load balancer's. */
  type: string;
  /** By address; undefined while there is no load balancer that could send anything. */
  health: Map<string, TargetHealth> | undefined;
  /** Returns whether the load balancer was told to send connections to a Pod that waits. */
  isRouted(pod: Pod): boolean;
  /** Says how long connections may come after deregistration. */
  drainMs: number;
  now: number;
}

export interface Plan {
  set: { pod: Pod; condition: PodCondition }[];
  /** Says when to look again; undefined: when something changes. */
  againMs?: number;
}

/** Says how soon to look at a target that is being checked, and at one that failed its checks. */
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

/**
 * Returns which of the Pods, none of them ready, wait for load balancers, one of which has conditions of this type, and
 * which are being deleted. A Pod whose own gate is open goes on to wait: for another load balancer, or for its
 * EndpointSlice to say that it is ready. Otherwise it would leave the targets again meanwhile.
 */
export function followedOf(type: string, pods: Pod[]): Followed {
  const isDeleted = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
  const waits = (pod: Pod) =>
    balancerGates(pod).includes(type) && othersStates(pod).every((status) => status === 'True');
  return {
    waiting: pods.filter((pod) => !isDeleted(pod) && waits(pod)),
    ending: pods.filter(isDeleted),
  };
}

/**
 * Returns whether a Pod may be followed otherwise than before, though its EndpointSlices stay as they are: those tell of its
 * address and of its end.
 */
export const changesFollowing = (pod: Pod, old: Pod): boolean =>
  othersStates(pod).join() !== othersStates(old).join();

/** Returns the states of what a Pod's readiness takes beside its load balancers: its containers, and gates of others. */
function othersStates(pod: Pod): (string | undefined)[] {
  const gates = balancerGates(pod);
  const others = (pod.spec?.readinessGates ?? []).filter(
    ({ conditionType }) => !gates.includes(conditionType),
  );
  const types = ['ContainersReady', ...others.map(({ conditionType }) => conditionType)];
  return types.map((each) => conditionOf(pod, each)?.status);
}

/** Returns what to tell of each Pod, after the load balancer was told of its targets. Pure. */
export function planFollowed({ type, waiting, ending, health, isRouted, drainMs, now }: Observed): Plan {
  const plan: Plan = { set: [] };
  const again = (ms: number) => {
    plan.againMs = Math.min(plan.againMs ?? Number.POSITIVE_INFINITY, ms);
  };
  const set = (pod: Pod, status: 'True' | 'False', reason: string) =>
    plan.set.push({ pod, condition: { type, status, reason, lastTransitionTime: formatTime(now) } });
  for (const pod of waiting) {
    if (isGateOpen(pod, type)) continue;
    const state = health?.get(pod.status?.podIP ?? '');
    // Nobody comes by a load balancer that is still being made, or that no rule leads from: to wait would only delay.
    if (!health || state === 'unused' || !isRouted(pod)) set(pod, 'True', balancing.none);
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
