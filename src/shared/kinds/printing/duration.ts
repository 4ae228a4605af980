/** Spans of time as kubectl prints them, with two or three significant figures: `119s`, `3m20s`, `5d`. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Returns how long before `now` (milliseconds) an RFC 3339 time was; `<unknown>` when there is none. */
export const since = (time: string | null | undefined, now: number): string =>
  time ? humanDuration(now - Date.parse(time)) : '<unknown>';

/** @param ms may be slightly negative, because clocks differ: that is `0s`. */
export function humanDuration(ms: number): string {
  const s = Math.trunc(ms / 1000);
  if (s < -1) return '<invalid>';
  if (s <= 0) return '0s';
  if (s < 2 * minute) return `${s}s`;
  if (s < 10 * minute) return inTwoUnits(s, minute, 'm', 1, 's');
  if (s < 3 * hour) return inUnit(s, minute, 'm');
  if (s < 8 * hour) return inTwoUnits(s, hour, 'h', minute, 'm');
  if (s < 2 * day) return inUnit(s, hour, 'h');
  if (s < 8 * day) return inTwoUnits(s, day, 'd', hour, 'h');
  if (s < 2 * year) return inUnit(s, day, 'd');
  if (s < 8 * year) return inTwoUnits(s, year, 'y', day, 'd');
  return inUnit(s, year, 'y');
}

const inUnit = (seconds: number, unit: number, letter: string): string =>
  `${Math.floor(seconds / unit)}${letter}`;

function inTwoUnits(
  seconds: number,
  unit: number,
  letter: string,
  small: number,
  smallLetter: string,
): string {
  const rest = Math.floor((seconds % unit) / small);
  return inUnit(seconds, unit, letter) + (rest === 0 ? '' : `${rest}${smallLetter}`);
}
