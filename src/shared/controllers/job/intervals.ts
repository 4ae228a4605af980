/** Sets of indexes that stay small however many indexes a Job has: `0-41,43`. */
export interface Interval {
  first: number;
  last: number;
}
/** Is a set of indexes: sorted intervals that do not overlap. */
export type Intervals = readonly Interval[];

/** Returns what Kubernetes wrote; what cannot be read is passed over, and nothing is beyond `completions`. */
export function parseIntervals(text: string | undefined, completions: number): Intervals {
  const found: Interval[] = [];
  for (const part of text ? text.split(',') : []) {
    const [first = Number.NaN, last = first] = part.split('-').map((n) => Number.parseInt(n, 10));
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    if (first >= completions) break;
    found.push({ first, last: Math.min(last, completions - 1) });
  }
  return merged(found, []);
}

/** The union of two, with neighbours joined. */
export function merged(a: Intervals, b: Intervals): Intervals {
  const all = [...a, ...b].sort((x, y) => x.first - y.first);
  const result: Interval[] = [];
  for (const { first, last } of all) {
    const previous = result.at(-1);
    if (!previous || first > previous.last + 1) result.push({ first, last });
    else previous.last = Math.max(previous.last, last);
  }
  return result;
}

/** Adds indexes, in any order and also such that are in the set already. */
export const withIndexes = (intervals: Intervals, indexes: Iterable<number>): Intervals =>
  merged(
    intervals,
    Array.from(indexes, (index) => ({ first: index, last: index })),
  );

/** Counts the indexes in the set. */
export const sizeOf = (intervals: Intervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** Returns whether the index is in the set. */
export const has = (intervals: Intervals, index: number): boolean =>
  intervals.some(({ first, last }) => first <= index && index <= last);

/** Two neighbours are written as two numbers, as Kubernetes does. */
export const formatIntervals = (intervals: Intervals): string =>
  intervals
    .map(({ first, last }) =>
      first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(',');

/** The lowest `count` indexes below `completions` that are in none of the intervals. */
export function missingIndexes(taken: Intervals, count: number, completions: number): number[] {
  const found: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && found.length < count; candidate++)
      found.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return found;
}

/** Returns how many indexes are in both. Each interval is looked at once or twice: a status may have many thousands. */
export function sizeOfCommon(a: Intervals, b: Intervals): number {
  let size = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i]!, b[j]!];
    size += Math.max(0, Math.min(x.last, y.last) - Math.max(x.first, y.first) + 1);
    if (x.last < y.last) i++;
    else j++;
  }
  return size;
}
