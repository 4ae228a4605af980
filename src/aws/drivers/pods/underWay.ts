import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { deadlineOf } from '../../../shared/podspec/deadline.ts';
import type { Situation } from './plan.ts';
import { planPod } from './plan.ts';

/**
 * How long after the end was asked for a start may still show that began before it: the last question whether the Pod is wanted, the
 * call of RunTask after it, and until ListTasks knows of the task.
 */
const longestMs = 12_000;
/** The API writes moments in whole seconds. */
const withinSecondMs = 999;

/**
 * Returns for how long a start of a Pod that is being deleted or past its deadline may still be under way elsewhere, in
 * milliseconds: a run that read the Pod before that, of whose task nothing is known yet. Were the object gone meanwhile, or
 * failed, a successor would run beside it.
 */
export function underWayMs(situation: Situation): number {
  const { pod, now } = situation;
  const leftMs = endAsked(pod, now).latest + longestMs - now;
  return leftMs > 0 && mayHaveStarted(situation) ? leftMs : 0;
}

/**
 * Returns whether a Pod that is being deleted or past its deadline may have been started by a run that read it before that,
 * without one of these tasks being what was started.
 */
export function mayHaveStarted({ pod, tasks, now, backOff }: Situation): boolean {
  const { spec, status } = pod;
  const { earliest, latest: askedAt } = endAsked(pod, now);
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (Number.isNaN(earliest) || !spec?.nodeName || isOver) return false;
  // Who looked before saw it live, and started no other. Within the second of a deletion that is what stopped it.
  if (tasks.some((task) => (task.stoppingAt ?? task.stoppedAt ?? new Date(now)).getTime() >= earliest))
    return false;
  return planPod({ pod, tasks, now: askedAt, backOff }).do === 'start';
}

/** The moments between which its end was asked for, by its deletion or its deadline. NaN for a Pod that stays. */
function endAsked(pod: Pod, now: number): { earliest: number; latest: number } {
  const { deletionTimestamp = '', deletionGracePeriodSeconds = 0 } = pod.metadata;
  const earliest = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1_000;
  const latest = earliest + withinSecondMs;
  const deadline = deadlineOf(pod);
  // To the millisecond.
  if (deadline <= now && !(latest < deadline)) return { earliest: deadline, latest: deadline };
  return { earliest, latest };
}
