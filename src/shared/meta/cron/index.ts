/**
 * Schedules of CronJobs: robfig/cron's standard parser, which Kubernetes uses. Libraries of npm differ from it in the
 * hour that spring skips, in `@every` and in what they accept.
 */
import { parseDuration } from './duration.ts';
import { bounds, parseField } from './fields.ts';
import { byFields, every, named, type Schedule } from './schedule.ts';
import { isTimeZone } from './zoneNames.ts';

export type { Schedule } from './schedule.ts';
export { isTimeZone } from './zoneNames.ts';

/**
 * A cron line, `@daily` or `@every 1h30m`, perhaps after `TZ=Europe/Rome `.
 * @param zone where the line names none. Throws Error, saying what is wrong as Kubernetes does.
 */
export function parseSchedule(text: string, zone = 'UTC'): Schedule {
  if (text === '') throw new Error('empty spec string');
  if (!/^(CRON_)?TZ=/.test(text)) return parseLine(text, zone);
  const space = text.indexOf(' ');
  const equals = text.indexOf('=');
  if (space < 0) throw new Error('invalid schedule format: runtime error: slice bounds out of range [:-1]');
  const name = text.slice(equals + 1, space) || 'UTC';
  if (!isTimeZone(name)) throw new Error(`provided bad location ${name}: unknown time zone ${name}`);
  return parseLine(text.slice(space).trim(), name);
}

function parseLine(text: string, zone: string): Schedule {
  if (text.startsWith('@')) return parseNamed(text, zone);
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5)
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [string, string, string, string, string];
  return byFields(
    {
      minute: parseField(minute, bounds.minute),
      hour: parseField(hour, bounds.hour),
      dayOfMonth: parseField(dayOfMonth, bounds.dayOfMonth),
      month: parseField(month, bounds.month),
      dayOfWeek: parseField(dayOfWeek, bounds.dayOfWeek),
    },
    zone,
  );
}

function parseNamed(text: string, zone: string): Schedule {
  const fields = named.get(text);
  if (fields) return byFields(fields, zone);
  if (!text.startsWith('@every ')) throw new Error(`unrecognized descriptor: ${text}`);
  try {
    return every(parseDuration(text.slice('@every '.length)));
  } catch (error) {
    throw new Error(`failed to parse duration ${text}: ${(error as Error).message}`);
  }
}
