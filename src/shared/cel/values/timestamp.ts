import { type Failure, fail, Timestamp } from './value.ts';

const second = 1_000_000_000n;
const first = -62_135_596_800n;
const last = 253_402_300_799n;

/** The point of time, or the failure when it lies outside the years 1 to 9999. */
export function timestampAt(nanoseconds: bigint, zone = 0): Timestamp | Failure {
  const seconds = floorDivide(nanoseconds, second);
  return seconds < first || seconds > last ? fail('timestamp overflow') : new Timestamp(nanoseconds, zone);
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[T](\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

/** Returns what Go's time.Parse reads with RFC 3339; undefined for other texts, and outside the years 1 to 9999. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, seconds, fraction = '', zone = 'Z'] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(seconds));
  const real =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute) &&
    date.getUTCSeconds() === Number(seconds);
  const offset = offsetOf(zone);
  if (!real || offset === undefined) return undefined;
  const whole = BigInt(date.getTime()) / 1000n - BigInt(offset) * 60n;
  const read = timestampAt(whole * second + BigInt(fraction.slice(0, 9).padEnd(9, '0')), offset);
  return read instanceof Timestamp ? read : undefined;
}

/** Minutes east of Greenwich of `Z` and `±hh:mm`. */
export function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const match = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (!match || Number(match[2]) > 24 || Number(match[3]) > 59) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** RFC 3339 with as many digits as needed. */
export function formatTimestamp({ nanoseconds, zone }: Timestamp): string {
  const seconds = floorDivide(nanoseconds, second);
  const text = new Date((Number(seconds) + zone * 60) * 1000).toISOString().replace(/\.\d+Z$/, '');
  const fraction = String(nanoseconds - seconds * second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${text}${fraction && `.${fraction}`}${zone === 0 ? 'Z' : formatZone(zone)}`;
}

const digits = (value: number): string => String(value).padStart(2, '0');
const formatZone = (zone: number): string =>
  `${zone < 0 ? '-' : '+'}${digits(Math.floor(Math.abs(zone) / 60))}:${digits(Math.abs(zone) % 60)}`;
