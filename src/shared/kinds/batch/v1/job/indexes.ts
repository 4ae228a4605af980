/** Sets of indexes as Kubernetes writes them: `1,3-5,7`. */
import { quoted } from '../../../validation/quote.ts';

type Interval = { first: number; last: number };
type Parsed = Interval | { problem: string };

/**
 * Returns how many indexes the text names, or what is wrong with it: they have to go up and stay below `completions`.
 */
export function countIndexes(text: string, completions: number): { total: number } | { problem: string } {
  let total = 0;
  let previous: number | undefined;
  for (const part of text === '' ? [] : text.split(',')) {
    const parsed = parseInterval(part, completions);
    if ('problem' in parsed) return parsed;
    if (previous !== undefined && previous >= parsed.first) return notIncreasing(previous, parsed.first);
    total += parsed.last - parsed.first + 1;
    previous = parsed.last;
  }
  return { total };
}

/** The first index that is in both sets. What cannot be read is passed over. */
export function overlapOf(a: string, b: string, completions: number): number | undefined {
  const [left, right] = [a, b].map((text) =>
    (text === '' ? [] : text.split(',')).flatMap((part) => {
      const parsed = parseInterval(part, completions);
      return 'problem' in parsed ? [] : [parsed];
    }),
  ) as [Interval[], Interval[]];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [x, y] = [left[i]!, right[j]!];
    if (x.first <= y.last && y.first <= x.last) return Math.max(x.first, y.first);
    if (x.first <= y.first) i++;
    else j++;
  }
  return undefined;
}

function parseInterval(text: string, completions: number): Parsed {
  const limits = text.split('-');
  if (limits.length > 2)
    return {
      problem: `the fragment ${quoted(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    };
  for (const limit of limits) {
    if (!/^[+-]?\d+$/.test(limit))
      return { problem: `cannot convert string to integer for index: ${quoted(limit)}` };
    if (Number(limit) >= completions) return { problem: `too large index: ${quoted(limit)}` };
  }
  const [first = 0, last = first] = limits.map(Number);
  return limits.length > 1 && first >= last ? notIncreasing(first, last) : { first, last };
}

const notIncreasing = (previous: number, current: number) => ({
  problem: `non-increasing order, previous: ${previous}, current: ${current}`,
});
