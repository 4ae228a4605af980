import { formatTime } from '../../clock/clock.ts';
import { boundedSeconds } from '../../clock/seconds.ts';
import type { CronJob, CronJobStatus, Job } from '../../kinds/schema/types.ts';
import { isTimeZone, parseSchedule, type Schedule } from '../../meta/cron/index.ts';
import type { EventFacts } from '../controller.ts';
import { holds, isFinished } from '../job/conditions.ts';
import { jobOf, nameAt } from './jobOf.ts';
import { dueTime, msUntilNext } from './times.ts';

export interface Observed {
  cronJob: CronJob;
  /** Those it controls. */
  jobs: Job[];
  now: number;
}

export interface Plan {
  /** Jobs beyond the history limits, and those that the next one replaces. */
  delete: Job[];
  /** The Job that is due, and when it was. */
  create?: { job: Job; at: number };
  status: CronJobStatus;
  events: EventFacts[];
  requeueAfterMs?: number;
}

export function plan(observed: Observed): Plan {
  const { cronJob, jobs, now } = observed;
  const events: EventFacts[] = [];
  const surplus = beyondHistory(cronJob, jobs);
  const status = statusOf(observed, surplus, events);
  const idle: Plan = { delete: surplus, status, events };
  const { spec, metadata } = cronJob;
  if (metadata.deletionTimestamp || spec?.suspend) return idle;
  const schedule = scheduleOf(cronJob, events);
  if (!schedule) return idle;

  const found = dueTime(cronJob, schedule, now);
  if ('problem' in found) {
    const message = `invalid schedule: ${spec?.schedule} : ${found.problem}`;
    events.push({ type: 'Warning', reason: 'InvalidSchedule', message });
    return idle;
  }
  const later = { ...idle, requeueAfterMs: msUntilNext(cronJob, schedule, now) };
  const { due } = found;
  if (due === undefined) return later;
  if (found.isTooMany) {
    const message =
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    events.push({ type: 'Warning', reason: 'TooManyMissedTimes', message });
  }
  const { startingDeadlineSeconds: deadline } = spec ?? {};
  if (deadline !== undefined && due + boundedSeconds(deadline) * 1000 < now) {
    const message = `Missed scheduled time to start a job: ${rfc1123(due)}`;
    events.push({ type: 'Warning', reason: 'MissSchedule', message });
    return later;
  }
  const active = status.active ?? [];
  const isMade = active.some(({ name }) => name === nameAt(cronJob, due));
  if (isMade || status.lastScheduleTime === formatTime(due)) return later;
  if (spec?.concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    events.push({ type: 'Normal', reason: 'JobAlreadyActive', message });
    return later;
  }
  const replaced =
    spec?.concurrencyPolicy === 'Replace'
      ? jobs.filter(({ metadata: { uid } }) => active.some((reference) => reference.uid === uid))
      : [];
  const gone = replaced.map((job) => job.metadata.uid);
  const create = { job: jobOf(cronJob, due), at: due };
  const next = { ...cronJob, status: { ...status, lastScheduleTime: formatTime(due) } };
  return {
    delete: [...surplus, ...replaced],
    create,
    status: withActive(
      next.status,
      active.filter(({ uid }) => !gone.includes(uid)),
    ),
    events,
    requeueAfterMs: msUntilNext(next, schedule, now),
  };
}

/** The status with what is known of its Jobs: which run, and when one last succeeded. */
function statusOf({ cronJob, jobs }: Observed, surplus: Job[], events: EventFacts[]): CronJobStatus {
  const { status = {} } = cronJob;
  let active = status.active ?? [];
  let { lastSuccessfulTime } = status;
  for (const job of jobs) {
    const { uid, name } = job.metadata;
    const isListed = active.some((reference) => reference.uid === uid);
    if (!isFinished(job)) {
      const message = `Saw a job that the controller did not create or forgot: ${name}`;
      if (!isListed) events.push({ type: 'Warning', reason: 'UnexpectedJob', message });
      continue;
    }
    if (isListed) {
      active = active.filter((reference) => reference.uid !== uid);
      const condition = holds(job, 'Complete') ? 'Complete' : 'Failed';
      const message = `Saw completed job: ${name}, condition: ${condition}`;
      events.push({ type: 'Normal', reason: 'SawCompletedJob', message });
    }
    const { completionTime } = job.status ?? {};
    if (holds(job, 'Complete') && completionTime && completionTime > (lastSuccessfulTime ?? ''))
      lastSuccessfulTime = completionTime;
  }
  const there = new Set(jobs.map(({ metadata: { uid } }) => uid));
  for (const { uid, name } of active)
    if (!there.has(uid))
      events.push({ type: 'Normal', reason: 'MissingJob', message: `Active job went missing: ${name}` });
  const deleted = new Set(surplus.map(({ metadata: { uid } }) => uid));
  active = active.filter(({ uid }) => there.has(uid) && !deleted.has(uid));
  return withActive({ ...status, ...(lastSuccessfulTime && { lastSuccessfulTime }) }, active);
}

const withActive = (
  { active: _, ...status }: CronJobStatus,
  active: CronJobStatus['active'] & object,
): CronJobStatus => ({ ...(active.length > 0 && { active }), ...status });

/** Finished Jobs that are not kept: the oldest of those that succeeded, and of those that failed. */
function beyondHistory({ spec }: CronJob, jobs: Job[]): Job[] {
  const oldest = (type: 'Complete' | 'Failed', limit: number | undefined) => {
    const finished = jobs.filter((job) => holds(job, type)).sort(byStart);
    return limit === undefined ? [] : finished.slice(0, Math.max(0, finished.length - limit));
  };
  const all = [
    ...oldest('Complete', spec?.successfulJobsHistoryLimit),
    ...oldest('Failed', spec?.failedJobsHistoryLimit),
  ];
  return all.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Jobs that never started stand last. */
const byStart = (a: Job, b: Job): number => {
  const [x, y] = [a, b].map((job) => `${job.status?.startTime ?? '~'} ${job.metadata.name}`);
  return x! < y! ? -1 : 1;
};

function scheduleOf({ spec }: CronJob, events: EventFacts[]): Schedule | undefined {
  const { schedule = '', timeZone } = spec ?? {};
  const warn = (reason: string, message: string) => events.push({ type: 'Warning', reason, message });
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    warn('UnknownTimeZone', `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`);
    return undefined;
  }
  if (schedule.includes('TZ'))
    warn(
      'UnsupportedSchedule',
      `CRON_TZ or TZ used in schedule "${schedule}" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
    );
  try {
    return parseSchedule(schedule, timeZone);
  } catch (error) {
    warn('UnparseableSchedule', `unparseable schedule: "${schedule}" : ${(error as Error).message}`);
    return undefined;
  }
}

/** `Mon, 02 Jan 2006 15:04:05 UTC` */
const rfc1123 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', 'UTC');
