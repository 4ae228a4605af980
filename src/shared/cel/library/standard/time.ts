import { table } from '../../../meta/table.ts';
import { durationType, intType, stringType, timestampType } from '../../types/type.ts';
import { floorDivide, offsetOf } from '../../values/timestamp.ts';
import { type Duration, type Failure, fail, type Timestamp } from '../../values/value.ts';
import { declare, method } from '../declare.ts';

/** A point of time on the clock of a zone, as a Date whose UTC fields show it. */
function local({ nanoseconds }: Timestamp, zone: string): Date | Failure {
  const milliseconds = Number(floorDivide(nanoseconds, 1_000_000n));
  const minutes = zone === '' || zone === 'UTC' ? 0 : offsetOf(zone);
  if (minutes !== undefined) return new Date(milliseconds + minutes * 60_000);
  try {
    const format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone: zone });
    const parts = Object.fromEntries(
      format.formatToParts(milliseconds).map(({ type, value }) => [type, Number(value)]),
    );
    const date = new Date(0);
    date.setUTCFullYear(parts.year!, parts.month! - 1, parts.day!);
    date.setUTCHours(parts.hour! % 24, parts.minute!, parts.second!, ((milliseconds % 1000) + 1000) % 1000);
    return date;
  } catch {
    return fail(`unknown time zone ${zone}`);
  }
}

const fields = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000);

/** Name, name of the signature, and what it reads from a date. */
const parts: readonly [string, string, (date: Date) => number][] = [
  ['getFullYear', 'timestamp_to_year', (date) => date.getUTCFullYear()],
  ['getMonth', 'timestamp_to_month', (date) => date.getUTCMonth()],
  ['getDayOfYear', 'timestamp_to_day_of_year', dayOfYear],
  ['getDayOfMonth', 'timestamp_to_day_of_month', (date) => date.getUTCDate() - 1],
  ['getDate', 'timestamp_to_day_of_month_1_based', (date) => date.getUTCDate()],
  ['getDayOfWeek', 'timestamp_to_day_of_week', (date) => date.getUTCDay()],
  ['getHours', 'timestamp_to_hours_tz', (date) => date.getUTCHours()],
  ['getMinutes', 'timestamp_to_minutes', (date) => date.getUTCMinutes()],
  ['getSeconds', 'timestamp_to_seconds', (date) => date.getUTCSeconds()],
  ['getMilliseconds', 'timestamp_to_milliseconds', (date) => date.getUTCMilliseconds()],
];

/** Whole units of a duration; milliseconds count within the second. */
const units: Record<string, (nanoseconds: bigint) => bigint> = table({
  getHours: (value) => value / 3_600_000_000_000n,
  getMinutes: (value) => value / 60_000_000_000n,
  getSeconds: (value) => value / 1_000_000_000n,
  getMilliseconds: (value) => value / 1_000_000n,
});

export const time = parts.map(([name, id, read]) => {
  const of = (timestamp: unknown, zone: unknown) => {
    const date = local(timestamp as Timestamp, zone as string);
    return date instanceof Date ? BigInt(read(date)) : date;
  };
  const unit = units[name];
  return declare(
    name,
    method(id, [timestampType], intType, ([timestamp]) => of(timestamp, 'UTC')),
    method(`${id}_with_tz`, [timestampType, stringType], intType, ([timestamp, zone]) => of(timestamp, zone)),
    ...(unit
      ? [
          method(`duration_${name}`, [durationType], intType, ([value]) =>
            unit((value as Duration).nanoseconds),
          ),
        ]
      : []),
  );
});
