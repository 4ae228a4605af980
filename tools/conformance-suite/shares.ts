import type { Spec } from './results.ts';

const mostInOneProcess = 30;
/** Stands for what no run has told yet. */
const commonSeconds = 10;

const secondsOf = ({ seconds = commonSeconds }: Spec): number => seconds;

/** Returns the specs in the order in which processes take them: those that took longest first, so that none is begun last. */
export const longestFirst = (specs: Spec[]): Spec[] => [...specs].sort((a, b) => secondsOf(b) - secondsOf(a));

/**
 * Takes from the head of `left` what one process of the suite runs next: half of what would be its part of the time that
 * is left, so that all processes end at about the same time, and each starts only a few times.
 */
export function takeShare(left: Spec[], processes: number): Spec[] {
  const time = left.reduce((sum, spec) => sum + secondsOf(spec), 0) / (processes * 2);
  let taken = 0;
  let count = 0;
  while (count < left.length && count < mostInOneProcess && (count === 0 || taken < time))
    taken += secondsOf(left[count++]!);
  return left.splice(0, count);
}
