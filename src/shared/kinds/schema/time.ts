/** Times as Kubernetes reads (RFC 3339, any offset) and writes them (UTC; whole seconds, or microseconds). */
import { DecodeError } from './decode-error.ts';

const layouts = {
  Time: '2006-01-02T15:04:05Z07:00',
  MicroTime: '2006-01-02T15:04:05.000000Z07:00',
};
const steps: [RegExp, string][] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d/, '05'],
];
const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

/** Days that each year has. Go's zero time is in none of these. */
const usualDay =
  '[1-9]\\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const usualTime = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
/** Times that are written as they are read: all that were stored, but for a leap day. */
const usual = {
  Time: new RegExp(`^${usualDay}T${usualTime}Z$`),
  MicroTime: new RegExp(`^${usualDay}T${usualTime}\\.\\d{6}Z$`),
};

/** Null for the zero time. Throws a DecodeError with Go's text. */
export function canonicalTime(text: string, kind: 'Time' | 'MicroTime'): string | null {
  if (usual[kind].test(text)) return text;
  const { seconds, micros } = parse(text, kind);
  return formatTime(seconds, micros, kind);
}

/** Null for Go's zero time, the first second of the year 1. Throws when the year has more than four digits. */
export function formatTime(seconds: number, micros: number, kind: 'Time' | 'MicroTime'): string | null {
  if (seconds === zeroSeconds && (micros === 0 || kind === 'Time')) return null;
  if (!(seconds >= zeroSeconds && seconds <= lastSeconds))
    throw new DecodeError('Time: year outside of range [0,9999]');
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return kind === 'Time' ? `${text}Z` : `${text}.${String(micros).padStart(6, '0')}Z`;
}

/** Seconds since 1970 and microseconds of a time in the form that Kubernetes writes. */
export function timeParts(text: string): { seconds: number; micros: number } {
  return parse(text, canonical.exec(text)?.[1] ? 'MicroTime' : 'Time');
}

const zeroSeconds = -62135596800;
const lastSeconds = 253402300799;

function parse(text: string, kind: 'Time' | 'MicroTime'): { seconds: number; micros: number } {
  let rest = text;
  const fail = (element: string): never => {
    const quoted = `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layouts[kind])}`;
    throw new DecodeError(`${quoted}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`);
  };
  const take = (pattern: RegExp, element: string): string => {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return fail(element);
    rest = rest.slice(found.length);
    return found;
  };
  const [year, , month, , day, , hour, , minute, , second] = steps.map(([p, e]) =>
    Number(take(p, e)),
  ) as number[];
  const fraction = kind === 'MicroTime' ? take(/^\.\d{6}(?!\d)/, '.000000') : take(/^([.,]\d+)?/, '');
  const zone = take(/^(Z|[+-]\d\d:\d\d)/, 'Z07:00');
  if (rest !== '')
    throw new DecodeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`);

  checkRanges(text, [year!, month!, day!, hour!, minute!, second!]);
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  date.setUTCHours(hour!, minute!, second!);
  return {
    seconds: date.getTime() / 1000 - offsetSeconds(zone),
    micros: Number(fraction.slice(1, 7).padEnd(6, '0')),
  };
}

function checkRanges(text: string, [year, month, day, hour, minute, second]: number[]): void {
  const outside = (what: string): never => {
    throw new DecodeError(`parsing time ${JSON.stringify(text)}: ${what} out of range`);
  };
  if (month! < 1 || month! > 12) outside('month');
  const days = new Date(0);
  days.setUTCFullYear(year!, month!, 0);
  if (day! < 1 || day! > days.getUTCDate()) outside('day');
  if (hour! > 23) outside('hour');
  if (minute! > 59) outside('minute');
  if (second! > 59) outside('second');
}

function offsetSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone[0] === '-' ? -60 : 60) * minutes;
}
