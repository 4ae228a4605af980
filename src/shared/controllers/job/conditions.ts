import { formatTime } from '../../clock/clock.ts';
import type { Job, JobCondition } from '../../kinds/schema/types.ts';

export type Ending = 'SuccessCriteriaMet' | 'FailureTarget' | 'Complete' | 'Failed';

export const conditionOf = (conditions: JobCondition[] | undefined, type: string): JobCondition | undefined =>
  conditions?.find((condition) => condition.type === type);

export const holds = ({ status }: Job, type: Ending): boolean =>
  conditionOf(status?.conditions, type)?.status === 'True';

export const isFinished = (job: Job): boolean => holds(job, 'Complete') || holds(job, 'Failed');

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
