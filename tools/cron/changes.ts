const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

/** Returns how far the clock of a zone is before UTC's, in minutes, by Intl alone. */
function offsetIn(timeZone: string): (ms: number) => number {
  const options = { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', options);
  return (ms) => {
    const [hour = 0, minute = 0] = format.format(ms).split(':').map(Number);
    return (hour * 60 + minute - Math.floor((ms % dayMs) / minuteMs) + 2160) % 1440;
  };
}

/** Finds the minutes in which the clock of a zone is changed. */
export function changesOf(zone: string, from: number, to: number): number[] {
  const at = offsetIn(zone);
  const found: number[] = [];
  for (let day = from; day < to; day += 7 * dayMs) {
    let [low, high] = [day, day + 7 * dayMs];
    if (at(low) === at(high)) continue;
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
      if (at(middle) === at(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}
