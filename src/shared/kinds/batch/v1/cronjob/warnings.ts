import { nameWarnings } from '../../../core/v1/pod/warnings/name.ts';
import type { CronJob } from '../../../schema/types.ts';
import { specWarnings } from '../job/warnings.ts';

/** Returns what a client is warned of when it writes a CronJob. On a change, only a changed spec is looked at. */
export function warnings({ metadata, spec }: CronJob, old?: CronJob): string[] {
  const inTemplate = specWarnings('spec.jobTemplate.spec', spec?.jobTemplate?.spec);
  if (!old) return [...nameWarnings(metadata.name ?? '', 'Pod names and hostnames'), ...inTemplate];
  return [
    ...(metadata.generation === old.metadata.generation ? [] : inTemplate),
    ...(spec?.schedule.includes('TZ')
      ? [
          'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
        ]
      : []),
  ];
}
