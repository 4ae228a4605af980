/** Describes what a clock on the wall of a time zone shows. `month` counts from 1, `weekday` from Sunday, 0. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: number;
}

export interface Zone {
  /** @param ms since the epoch. */
  wallClock(ms: number): WallClock;
  /**
   * The instant at which the clock shows that; days and months may be beyond their ends. In the hour that is skipped
   * in spring and that which comes twice in autumn it chooses as Go's time.Date does.
   */
  instant(year: number, month: number, day: number, hour?: number, minute?: number): number;
}

const zones = new Map<string, Zone>();

/** @param name of the IANA database. Throws RangeError when there is none. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = zoneBy(/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal)$/.test(name) ? () => 0 : offsetsOf(name));
  zones.set(name, zone);
  return zone;
}

const zoneBy = (offsetAt: (ms: number) => number): Zone => ({
  wallClock(ms) {
    const shown = new Date(ms + offsetAt(ms));
    return {
      year: shown.getUTCFullYear(),
      month: shown.getUTCMonth() + 1,
      day: shown.getUTCDate(),
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      weekday: shown.getUTCDay(),
    };
  },
  instant(year, month, day, hour = 0, minute = 0) {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute);
    const guess = offsetAt(asUtc);
    return guess === 0 ? asUtc : asUtc - offsetAt(asUtc - guess);
  },
});

/** Returns how far the zone's clock is before that of UTC, in milliseconds. */
function offsetsOf(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = format
      .format(ms)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  };
}
