import type { Cause } from '../../../../errors/apiError.ts';
import { isTimeZone, parseSchedule } from '../../../../meta/cron/index.ts';
import type { CronJob, CronJobSpec, JobSpec } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { nonNegative, oneOf } from '../../../validation/rules.ts';
import { validJobSpec } from '../job/validate/spec.ts';

/** A Job's name is that of its CronJob, a dash and ten digits. */
const longestName = 52;

export function validate({ metadata, spec }: CronJob, old?: CronJob): Cause[] {
  const causes = validSpec(spec ?? ({} as CronJobSpec), old);
  const { name = '' } = metadata;
  if (!old && name.length > longestName)
    causes.push(invalidValue('metadata.name', name, `must be no more than ${longestName} characters`));
  return causes;
}

function validSpec(spec: CronJobSpec, old: CronJob | undefined): Cause[] {
  const { timeZone } = spec;
  return [
    ...validSchedule(spec, old?.spec?.schedule ?? ''),
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(timeZone !== undefined && timeZone !== old?.spec?.timeZone ? validZone(timeZone) : []),
    ...oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...validTemplate(spec.jobTemplate?.spec ?? ({} as JobSpec)),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
  ];
}

function validSchedule({ schedule, timeZone }: CronJobSpec, before: string): Cause[] {
  const field = 'spec.schedule';
  if (!schedule) return [required(field)];
  const causes: Cause[] = [];
  try {
    parseSchedule(schedule);
  } catch (error) {
    causes.push(invalidValue(field, schedule, (error as Error).message));
  }
  if (!schedule.includes('TZ')) return causes;
  // Schedules of former days may keep naming their zone.
  const isAllowed = before.includes('TZ');
  if (isAllowed && timeZone !== undefined)
    causes.push(
      invalidValue(field, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'),
    );
  if (!isAllowed)
    causes.push(
      invalidValue(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
    );
  return causes;
}

function validZone(zone: string): Cause[] {
  const invalid = (why: string) => invalidValue('spec.timeZone', zone, why);
  if (zone === '') return [invalid('timeZone must be nil or non-empty string')];
  const unknown = invalid(`unknown time zone ${zone}`);
  const isPart = (part: string) =>
    /^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/.test(part) && !/^\.\.?$/.test(part);
  if (!zone.split('/').every(isPart)) return [unknown];
  const isLocal = zone.toLowerCase() === 'local';
  return [
    ...(isLocal
      ? [invalid('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')]
      : []),
    ...(zone === 'Local' || isTimeZone(zone) ? [] : [unknown]),
  ];
}

function validTemplate(spec: JobSpec): Cause[] {
  const at = 'spec.jobTemplate.spec';
  const causes = validJobSpec(at, spec);
  if (spec.selector)
    causes.push(invalidValue(`${at}.selector`, spec.selector, '`selector` will be auto-generated'));
  if (spec.manualSelector) causes.push(notSupported(`${at}.manualSelector`, true, ['nil', 'false']));
  return causes;
}
