import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesOf } from '../../../../tools/cron/changes.ts';
import { isTimeZone, parseSchedule } from './index.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Returns what a clock in the zone shows, by Intl alone: nothing of the code under test. */
function clockOf(
  timeZone: string,
): (ms: number) => { minute: number; hour: number; day: number; month: number; weekday: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric' },
  });
  return (ms) => {
    // `Sun, 3/30, 02:15`
    const [weekday = '', ...numbers] = format.format(ms).split(/[,/: ]+/);
    const [month = 0, day = 0, hour = 0, minute = 0] = numbers.map(Number);
    return { weekday: weekdays.indexOf(weekday), month, day, hour, minute };
  };
}

function skipsMidnight(zone: string, at: number): boolean {
  const clock = clockOf(zone);
  return clock(at - minuteMs).hour === 23 && clock(at).hour !== 0;
}

interface Fields {
  minute: number;
  /** Several, or every one. */
  hours: number[] | undefined;
  weekday: number | undefined;
}

const textOf = ({ minute, hours, weekday }: Fields): string =>
  `${minute} ${hours?.join(',') ?? '*'} * * ${weekday ?? '*'}`;

/** Clocks are whole quarters of an hour apart, and so are the minutes that are asked for. */
const quarterMs = 15 * minuteMs;

/** robfig/cron's rule, step by step: the first one later whose numbers on the clock are all let through. */
function stepped(
  { minute, hours, weekday }: Fields,
  zone: string,
  from: number,
  limit: number,
): number | undefined {
  const clock = clockOf(zone);
  for (let ms = (Math.floor(from / quarterMs) + 1) * quarterMs; ms <= limit; ms += quarterMs) {
    const shown = clock(ms);
    if (shown.minute !== minute) continue;
    if (hours && !hours.includes(shown.hour)) continue;
    if (weekday === undefined || shown.weekday === weekday) return ms;
  }
  return undefined;
}

const begin = Date.UTC(2024, 0, 1);
const changes = Intl.supportedValuesOf('timeZone')
  .filter(isTimeZone)
  .flatMap((zone) => changesOf(zone, begin, begin + 731 * dayMs).map((at) => ({ zone, at })));

test('next to every change of the clock of every zone, schedules come as step by step by the clock', () => {
  expect(changes.length).toBeGreaterThan(500);
  const wrong: unknown[] = [];
  const fields: fc.Arbitrary<Fields> = fc.record({
    minute: fc.constantFrom(0, 15, 30, 45),
    hours: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
    weekday: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 3 }),
  });
  const samples = fc.sample(fc.tuple(fields, fc.integer({ min: -360, max: 120 })), {
    numRuns: 3 * changes.length,
    seed: 35,
  });
  for (const [i, [asked, minutes]] of samples.entries()) {
    const { zone, at } = changes[i % changes.length]!;
    // Where midnight is skipped robfig/cron does not look at the day again, and may come on the day after; so do we.
    if (asked.weekday !== undefined && skipsMidnight(zone, at)) continue;
    const from = at + minutes * minuteMs;
    const expected = stepped(asked, zone, from, from + 8 * dayMs);
    const actual = parseSchedule(textOf(asked), zone).next(from);
    if (actual !== expected)
      wrong.push({ zone, schedule: textOf(asked), from: new Date(from), actual, expected });
  }
  expect(wrong).toEqual([]);
});
