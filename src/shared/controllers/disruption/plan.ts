import { formatTime } from '../../clock/clock.ts';
import type {
  Condition,
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import { amountOf } from '../common/amount.ts';
import { isReady } from '../common/pods.ts';

/** Says how long an eviction that was allowed may take to become a deletion, before its Pod counts as healthy again. */
export const deletionTimeoutMs = 2 * 60_000;

export interface Observed {
  budget: PodDisruptionBudget;
  /** The Pods that the budget selects. */
  pods: Pod[];
  /** Says how many Pods their controllers want together. */
  scale: number;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface Plan {
  status: PodDisruptionBudgetStatus;
  /** Pods that should be gone by now. */
  notDeleted: Pod[];
  /** Says when an eviction that has not become a deletion is to be looked at again. */
  requeueAfterMs?: number;
}

/** Returns what a budget allows now. */
export function plan(observed: Observed): Plan {
  const { budget, pods, now } = observed;
  const { expectedPods, desiredHealthy } = wanted(observed);
  const { disruptedPods, notDeleted, requeueAfterMs } = disrupted(observed);
  const currentHealthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !Object.hasOwn(disruptedPods, nameOf(pod)) && isReady(pod),
  ).length;
  // A budget that selects nothing yet allows nothing: its first Pods may come before the next look.
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const observedGeneration = budget.metadata.generation ?? 0;
  const status: PodDisruptionBudgetStatus = {
    observedGeneration,
    ...(Object.keys(disruptedPods).length && { disruptedPods }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: withCondition(
      budget.status?.conditions ?? [],
      disruptionsAllowed > 0
        ? { status: 'True', reason: 'SufficientPods', message: '' }
        : { status: 'False', reason: 'InsufficientPods', message: '' },
      observedGeneration,
      now,
    ),
  };
  return { status, notDeleted, ...(requeueAfterMs !== undefined && { requeueAfterMs }) };
}

/** The status when it cannot be worked out: nothing may be evicted. */
export const failed = ({ status, metadata }: PodDisruptionBudget, why: string, now: number) => ({
  ...{ currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...status },
  disruptionsAllowed: 0,
  conditions: withCondition(
    status?.conditions ?? [],
    { status: 'False', reason: 'SyncFailed', message: why },
    status?.observedGeneration ?? metadata.generation ?? 0,
    now,
  ),
});

/** Returns whether the budget counts by the scale of the Pods' controllers, not by the Pods themselves. */
export const countsByScale = ({ spec }: PodDisruptionBudget): boolean =>
  spec?.maxUnavailable !== undefined || typeof spec?.minAvailable === 'string';

function wanted({ budget, pods, scale }: Observed): { expectedPods: number; desiredHealthy: number } {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  if (maxUnavailable !== undefined)
    return {
      expectedPods: scale,
      desiredHealthy: Math.max(0, scale - amountOf(maxUnavailable, scale, Math.ceil)),
    };
  if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return { expectedPods: scale, desiredHealthy: amountOf(minAvailable, scale, Math.ceil) };
}

/** Pods whose eviction was allowed and whose deletion has not begun. */
function disrupted({ budget, pods, now }: Observed) {
  const before = budget.status?.disruptedPods ?? {};
  const disruptedPods: Record<string, string> = table({});
  const notDeleted: Pod[] = [];
  let requeueAfterMs: number | undefined;
  for (const pod of pods) {
    const name = nameOf(pod);
    if (pod.metadata.deletionTimestamp || !Object.hasOwn(before, name)) continue;
    const remainingMs = Date.parse(before[name]!) + deletionTimeoutMs - now;
    if (remainingMs < 0) notDeleted.push(pod);
    else {
      disruptedPods[name] = before[name]!;
      requeueAfterMs = Math.min(requeueAfterMs ?? remainingMs, remainingMs);
    }
  }
  return { disruptedPods, notDeleted, requeueAfterMs };
}

function withCondition(
  conditions: Condition[],
  next: Pick<Condition, 'status' | 'reason' | 'message'>,
  observedGeneration: number,
  now: number,
): Condition[] {
  const type = 'DisruptionAllowed';
  const old = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = old?.status === next.status ? old.lastTransitionTime : formatTime(now);
  const condition = { type, ...next, observedGeneration, lastTransitionTime };
  return old ? conditions.map((each) => (each === old ? condition : each)) : [...conditions, condition];
}

const nameOf = ({ metadata: { name = '' } }: Pod) => name;
