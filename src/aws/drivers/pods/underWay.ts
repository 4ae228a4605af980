import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { Situation } from './plan.ts';
import { planPod } from './plan.ts';

/**
 * How long after a deletion a start may still show that began before it: the last question whether the Pod is wanted, the
 * call of RunTask after it, and until ListTasks knows of the task.
 */
const longestMs = 12_000;
/** The API writes moments in whole seconds. */
const withinSecondMs = 999;

/**
 * Returns for how long a start of a Pod that is being deleted may still be under way elsewhere, in milliseconds: a run that
 * read the Pod before its deletion, of whose task nothing is known yet. Were the object gone meanwhile, a successor of the
 * same name would run beside it.
 */
export function underWayMs({ pod, tasks, now, backOff }: Situation): number {
  const { spec, status } = pod;
  const askedAt = deletedAt(pod);
  const leftMs = askedAt + longestMs - now;
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!(leftMs > 0) || !spec?.nodeName || isOver) return 0;
  // Who looked before saw it live, and started no other. Within the second of the deletion the deletion is what stopped it.
  const earliest = askedAt - withinSecondMs;
  if (tasks.some((task) => (task.stoppingAt ?? task.stoppedAt ?? new Date(now)).getTime() >= earliest))
    return 0;
  return planPod({ pod, tasks, now: askedAt, backOff }).do === 'start' ? leftMs : 0;
}

/** The last moment at which it may have been asked for. NaN for a Pod that stays. */
const deletedAt = ({ metadata }: Pod): number =>
  Date.parse(metadata.deletionTimestamp ?? '') -
  (metadata.deletionGracePeriodSeconds ?? 0) * 1_000 +
  withinSecondMs;
