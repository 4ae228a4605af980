import { formatTime } from '../../clock/clock.ts';
import type { Job, JobCondition } from '../../kinds/schema/types.ts';

/** Is a condition that says how a Job ends. The first two come before its Pods are gone, the last two after. */
export type Ending = 'SuccessCriteriaMet' | 'FailureTarget' | 'Complete' | 'Failed';

/** Returns the condition of that type; undefined when nobody has written it. */
export const conditionOf = (conditions: JobCondition[] | undefined, type: string): JobCondition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** Returns whether the condition is True. */
export const holds = ({ status }: Job, type: Ending): boolean =>
  conditionOf(status?.conditions, type)?.status === 'True';

/** Returns whether the Job has ended and will make no Pods any more. */
export const isFinished = (job: Job): boolean => holds(job, 'Complete') || holds(job, 'Failed');

/** Makes a condition that has changed at `now`, milliseconds since the epoch. */
export const newCondition = (
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): JobCondition => ({
  type,
  status,
  lastProbeTime: formatTime(now),
  lastTransitionTime: formatTime(now),
  reason,
  message,
});

/** The list with the condition; undefined when it says so already, or would say that nothing has ever been. */
export function withCondition(conditions: JobCondition[], next: JobCondition): JobCondition[] | undefined {
  const before = conditionOf(conditions, next.type);
  if (!before) return next.status === 'False' ? undefined : [...conditions, next];
  const same = (['status', 'reason', 'message'] as const).every((field) => before[field] === next[field]);
  return same ? undefined : conditions.map((condition) => (condition === before ? next : condition));
}
