import { bounds, type CronField, everything } from './fields.ts';
import { type WallClock, type Zone, zoneOf } from './zone.ts';

/** Describes when something is to be done, again and again. */
export interface Schedule {
  /** The first time after `ms`, in milliseconds since the epoch; undefined when there is none within five years. */
  next(ms: number): number | undefined;
}

export interface CronFields {
  minute: CronField;
  hour: CronField;
  dayOfMonth: CronField;
  month: CronField;
  dayOfWeek: CronField;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** At equal distances; parts of a second are dropped, and less than one is one. */
export const every = (ms: number): Schedule => {
  const delay = Math.max(1, Math.floor(ms / 1000)) * 1000;
  return { next: (from) => Math.floor(from / 1000) * 1000 + delay };
};

/**
 * At what the fields let through on the clock of the zone. It walks as robfig/cron does, month, day, hour, minute, so
 * that it does the same where the clock is put forward or back.
 */
export function byFields(fields: CronFields, zoneName = 'UTC'): Schedule {
  const zone = zoneOf(zoneName);
  return {
    next(from) {
      const start = (Math.floor(from / 1000) + 1) * 1000;
      const lastYear = zone.wallClock(start).year + 5;
      const walk = { at: start, isMoved: false };
      for (;;) {
        if (zone.wallClock(walk.at).year > lastYear) return undefined;
        if (
          toMonth(walk, fields, zone) &&
          toDay(walk, fields, zone) &&
          toHour(walk, fields, zone) &&
          toMinute(walk, fields, zone)
        )
          return walk.at;
      }
    },
  };
}

interface Walk {
  at: number;
  /** Once a field was moved, those below it begin at their lowest. */
  isMoved: boolean;
}

/** Each of these answers false when a field above has turned over, and has to be looked at again. */
function toMonth(walk: Walk, { month }: CronFields, zone: Zone): boolean {
  for (;;) {
    const { year, month: shown } = zone.wallClock(walk.at);
    if (month.has(shown)) return true;
    if (!walk.isMoved) walk.at = zone.instant(year, shown, 1);
    later(walk, zone, 1, 0);
    if (zone.wallClock(walk.at).month === 1) return false;
  }
}

function toDay(walk: Walk, fields: CronFields, zone: Zone): boolean {
  for (;;) {
    const clock = zone.wallClock(walk.at);
    if (isDay(fields, clock)) return true;
    if (!walk.isMoved) walk.at = zone.instant(clock.year, clock.month, clock.day);
    later(walk, zone, 0, 1);
    // Where the clock is put forward at midnight there is none.
    const shown = zone.wallClock(walk.at).hour;
    if (shown !== 0) walk.at += (shown > 12 ? 24 - shown : -shown) * hourMs;
    if (zone.wallClock(walk.at).day === 1) return false;
  }
}

/** The same time of the clock, months and days later. */
function later(walk: Walk, zone: Zone, months: number, days: number): void {
  const { year, month, day, hour, minute } = zone.wallClock(walk.at);
  walk.at = zone.instant(year, month + months, day + days, hour, minute);
  walk.isMoved = true;
}

function toHour(walk: Walk, { hour }: CronFields, zone: Zone): boolean {
  for (;;) {
    const clock = zone.wallClock(walk.at);
    if (hour.has(clock.hour)) return true;
    if (!walk.isMoved) walk.at = zone.instant(clock.year, clock.month, clock.day, clock.hour);
    walk.isMoved = true;
    walk.at += hourMs;
    if (zone.wallClock(walk.at).hour === 0) return false;
  }
}

function toMinute(walk: Walk, { minute }: CronFields, zone: Zone): boolean {
  for (;;) {
    const { minute: shown } = zone.wallClock(walk.at);
    const seconds = walk.at % minuteMs;
    const isRight = minute.has(shown);
    if (isRight && seconds === 0) return true;
    walk.at += minuteMs - seconds;
    walk.isMoved = true;
    if (isRight || zone.wallClock(walk.at).minute === 0) return false;
  }
}

/** Where both say something, either is enough. */
function isDay({ dayOfMonth, dayOfWeek }: CronFields, { day, weekday }: WallClock): boolean {
  const [inMonth, inWeek] = [dayOfMonth.has(day), dayOfWeek.has(weekday)];
  return dayOfMonth.isStar || dayOfWeek.isStar ? inMonth && inWeek : inMonth || inWeek;
}

const any: CronFields = {
  minute: everything(bounds.minute),
  hour: everything(bounds.hour),
  dayOfMonth: everything(bounds.dayOfMonth),
  month: everything(bounds.month),
  dayOfWeek: everything(bounds.dayOfWeek),
};
const only = (n: number): CronField => ({ has: (other) => other === n, isStar: false });
const hourly = { ...any, minute: only(0) };
const daily = { ...hourly, hour: only(0) };
const monthly = { ...daily, dayOfMonth: only(1) };
const yearly = { ...monthly, month: only(1) };

/** `@daily` and its like. */
export const named: ReadonlyMap<string, CronFields> = new Map([
  ['@yearly', yearly],
  ['@annually', yearly],
  ['@monthly', monthly],
  ['@weekly', { ...daily, dayOfWeek: only(0) }],
  ['@daily', daily],
  ['@midnight', daily],
  ['@hourly', hourly],
]);
