import { boundedSeconds } from '../../clock/seconds.ts';
import type { CronJob } from '../../kinds/schema/types.ts';
import type { Schedule } from '../../meta/cron/index.ts';

/** Clocks differ a little: it comes back somewhat after the time. */
const marginMs = 100;
const tooMany = 100;

interface Recent {
  /** Is what the schedule is followed from. */
  since: number;
  /** The last time that has come, if one has. */
  last?: number;
  missed: number;
}

/** The time that a Job is due for, if one is; `isTooMany` when it was not looked after for long. */
export function dueTime(
  cronJob: CronJob,
  schedule: Schedule,
  now: number,
): { due?: number; isTooMany: boolean } | { problem: string } {
  const recent = mostRecent(cronJob, schedule, now, true);
  if ('problem' in recent) return recent;
  const { last, missed } = recent;
  return { ...(last !== undefined && { due: last }), isTooMany: missed > tooMany };
}

/** Milliseconds until the next time that has not come yet. */
export function msUntilNext(cronJob: CronJob, schedule: Schedule, now: number): number {
  const recent = mostRecent(cronJob, schedule, now, false);
  const from = 'problem' in recent ? now : (recent.last ?? (recent.missed > 0 ? now : recent.since));
  const next = schedule.next(from);
  return next === undefined ? Number.POSITIVE_INFINITY : Math.max(1, next + marginMs - now);
}

function mostRecent(
  { metadata, spec, status }: CronJob,
  schedule: Schedule,
  now: number,
  withDeadline: boolean,
): Recent | { problem: string } {
  let since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '');
  const { startingDeadlineSeconds: deadline } = spec ?? {};
  if (withDeadline && deadline !== undefined) since = Math.max(since, now - boundedSeconds(deadline) * 1000);
  const first = schedule.next(since);
  if (first !== undefined && now < first) return { since, missed: 0 };
  const second = first === undefined ? undefined : schedule.next(first);
  if (first !== undefined && second !== undefined && now < second) return { since, last: first, missed: 0 };
  // 31 February never comes.
  const between = Math.round(((second ?? 0) - (first ?? 0)) / 1000);
  if (first === undefined || second === undefined || between < 1)
    return { problem: 'time difference between two schedules is less than 1 second' };
  // Times may be many: those that are long past are counted roughly, and not looked at.
  const missed = Math.floor(Math.floor((now - first) / 1000) / between) + 1;
  let last: number | undefined;
  const from = first + (missed - 2) * between * 1000;
  for (let at = schedule.next(from); at !== undefined && at <= now; at = schedule.next(at)) last = at;
  return { since, ...(last !== undefined && { last }), missed };
}
