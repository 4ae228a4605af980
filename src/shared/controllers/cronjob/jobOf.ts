import type { CronJob, Job } from '../../kinds/schema/types.ts';
import { zoneOf } from '../../meta/cron/zone.ts';
import { controllerReference } from '../../meta/object.ts';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** The name says which minute a Job is for, so that none is made twice. */
export const nameAt = ({ metadata }: CronJob, ms: number): string =>
  `${metadata.name}-${Math.floor(ms / 60_000)}`;

/**
 * Makes the Job of one scheduled time, `ms` since the epoch. The time is in the name: a second run makes the same Job.
 */
export function jobOf(cronJob: CronJob, ms: number): Job {
  const { jobTemplate, timeZone } = cronJob.spec!;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: nameAt(cronJob, ms),
      namespace: cronJob.metadata.namespace ?? '',
      ...(labels && { labels }),
      annotations: { ...annotations, [scheduledAnnotation]: inZone(ms, timeZone) },
      ownerReferences: [controllerReference({ ...cronJob, apiVersion: 'batch/v1', kind: 'CronJob' })],
    },
    spec: jobTemplate.spec!,
  };
}

/** RFC 3339 by the clock of the zone: `2006-01-02T15:04:05+01:00`. */
function inZone(ms: number, zone = 'UTC'): string {
  const { year, month, day, hour, minute } = zoneOf(zone).wallClock(ms);
  const shown = Date.UTC(year, month - 1, day, hour, minute, Math.floor(ms / 1000) % 60);
  const text = new Date(shown).toISOString().slice(0, 19);
  const minutes = Math.round((shown - ms) / 60_000);
  if (minutes === 0) return `${text}Z`;
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${text}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
