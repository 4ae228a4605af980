import { describe, expect, test } from '@jest/globals';
import type { CronJob, CronJobSpec, Job } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';

const hour = '2026-05-31T10:00:00Z';
const at = (time: string) => Date.parse(`2026-05-31T${time}Z`);

const cronJobOf = (spec: Partial<CronJobSpec> = {}, status?: CronJob['status']): CronJob => ({
  metadata: { name: 'c', namespace: 'ns', uid: 'cron', creationTimestamp: '2026-05-31T08:30:00Z' },
  spec: {
    schedule: '0 * * * *',
    concurrencyPolicy: 'Allow',
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template: {} } },
    ...spec,
  },
  ...(status && { status }),
});
const jobOf = (name: string, end?: 'Complete' | 'Failed', startTime = hour): Job => ({
  metadata: { name, namespace: 'ns', uid: name },
  status: {
    startTime,
    ...(end === 'Complete' && { completionTime: startTime }),
    ...(end && { conditions: [{ type: end, status: 'True' }] }),
  },
});
const active = (...names: string[]) => names.map((name) => ({ name, uid: name }));
const reasons = (events: { reason: string }[]) => events.map(({ reason }) => reason);

/** As in the table of cronjob_controllerv2_test.go. */
test.each<{
  why: string;
  spec?: Partial<CronJobSpec>;
  status?: CronJob['status'];
  jobs?: Job[];
  now: string;
  makes: boolean;
  events?: string[];
  deletes?: string[];
}>([
  { why: 'not yet', now: '08:59:59', makes: false },
  { why: 'due', now: '09:00:01', makes: true },
  { why: 'late, with no deadline', now: '09:30:00', makes: true },
  {
    why: 'due long ago, before the deadline that it has',
    spec: { startingDeadlineSeconds: 60 },
    now: '09:30:00',
    makes: false,
  },
  { why: 'within its deadline', spec: { startingDeadlineSeconds: 60 }, now: '09:00:30', makes: true },
  {
    why: 'B9: within a deadline that no number holds',
    spec: { startingDeadlineSeconds: (2n ** 62n) as unknown as number },
    now: '09:30:00',
    makes: true,
  },
  { why: 'suspended', spec: { suspend: true }, now: '09:00:01', makes: false },
  {
    why: 'made already',
    status: { lastScheduleTime: '2026-05-31T09:00:00Z' },
    now: '09:00:01',
    makes: false,
  },
  {
    why: 'another runs, and may',
    status: { active: active('j'), lastScheduleTime: hour },
    jobs: [jobOf('j')],
    now: '11:00:01',
    makes: true,
  },
  {
    why: 'another runs, and only one may',
    spec: { concurrencyPolicy: 'Forbid' },
    status: { active: active('j'), lastScheduleTime: hour },
    jobs: [jobOf('j')],
    now: '11:00:01',
    makes: false,
    events: ['JobAlreadyActive'],
  },
  {
    why: 'another runs, and is replaced',
    spec: { concurrencyPolicy: 'Replace' },
    status: { active: active('j'), lastScheduleTime: hour },
    jobs: [jobOf('j')],
    now: '11:00:01',
    makes: true,
    deletes: ['j'],
  },
  {
    why: 'no such schedule',
    spec: { schedule: 'x' },
    now: '09:00:01',
    makes: false,
    events: ['UnparseableSchedule'],
  },
  {
    why: 'no such day',
    spec: { schedule: '0 0 31 2 *' },
    now: '09:00:01',
    makes: false,
    events: ['InvalidSchedule'],
  },
  {
    why: 'no such zone',
    spec: { timeZone: 'Mars/Base' },
    now: '09:00:01',
    makes: false,
    events: ['UnknownTimeZone'],
  },
  {
    why: 'of many that were missed, the last',
    spec: { schedule: '* * * * *' },
    now: '12:00:10',
    makes: true,
    events: ['TooManyMissedTimes'],
  },
])('$why: a Job is made: $makes', ({ spec, status, jobs = [], now, makes, events = [], deletes = [] }) => {
  const todo = plan({ cronJob: cronJobOf(spec, status), jobs, now: at(now) });
  expect(todo.create !== undefined).toBe(makes);
  expect(reasons(todo.events)).toEqual(events);
  expect(todo.delete.map(({ metadata }) => metadata.name)).toEqual(deletes);
});

test('a Job is named by its minute, and says in which the clock of the zone showed it', () => {
  const cronJob = cronJobOf({ schedule: '0 11 * * *', timeZone: 'Europe/Rome' });
  const { create, status } = plan({ cronJob, jobs: [], now: at('09:00:20') });
  expect(create?.job.metadata).toMatchObject({
    name: `c-${at('09:00:00') / 60_000}`,
    labels: { a: 'b' },
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-05-31T11:00:00+02:00' },
    ownerReferences: [{ kind: 'CronJob', name: 'c', controller: true }],
  });
  expect(status.lastScheduleTime).toBe('2026-05-31T09:00:00Z');
});

test('it comes back a moment after the next time', () => {
  const { requeueAfterMs } = plan({ cronJob: cronJobOf(), jobs: [], now: at('08:59:00') });
  expect(requeueAfterMs).toBe(60_100);
});

describe('Jobs that have finished', () => {
  const spec = { suspend: true };
  test('are active no more, and the last success is known', () => {
    const cronJob = cronJobOf(spec, { active: active('done', 'gone', 'runs') });
    const { status, events } = plan({
      cronJob,
      jobs: [jobOf('done', 'Complete'), jobOf('runs')],
      now: at('12:00:00'),
    });
    expect(status).toEqual({ active: active('runs'), lastSuccessfulTime: hour });
    expect(reasons(events)).toEqual(['SawCompletedJob', 'MissingJob']);
  });

  test('are kept as many as the limits say, the newest ones', () => {
    const jobs = [1, 2, 3, 4, 5].flatMap((n) => [
      jobOf(`ok${n}`, 'Complete', `2026-05-31T0${n}:00:00Z`),
      jobOf(`bad${n}`, 'Failed', `2026-05-31T0${n}:00:00Z`),
    ]);
    const todo = plan({ cronJob: cronJobOf(spec), jobs, now: at('12:00:00') });
    expect(todo.delete.map(({ metadata }) => metadata.name)).toEqual([
      'ok1',
      'ok2',
      'bad1',
      'bad2',
      'bad3',
      'bad4',
    ]);
  });
});
