import type { Pod, PodCondition, PodStatus } from '../../kinds/schema/types.ts';

/** Returns the condition of that type from the Pod's status; undefined when nobody has written it. */
export const conditionOf = (pod: Pod, type: string): PodCondition | undefined =>
  pod.status?.conditions?.find((condition) => condition.type === type);

/** Returns the Pod's status with the condition, in place of one of the same type. */
export const withCondition = ({ status }: Pod, condition: PodCondition): PodStatus => ({
  ...status,
  conditions: [...(status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition],
});

/** Returns whether the condition Ready is True. A Pod without the condition is not ready. */
export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True';

/** Returns whether the Pod has ended for good: its containers are never started again. */
export const isTerminal = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Counts towards replicas: neither finished nor on its way out. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !pod.metadata.deletionTimestamp;

/** Milliseconds until a ready Pod counts as available: 0 when it does, Infinity while it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: number): number {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return Number.POSITIVE_INFINITY;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(ready.lastTransitionTime ?? '') + minReadySeconds * 1000 - now);
}
