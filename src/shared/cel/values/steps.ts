/**
 * The work that one evaluation may still do, whatever it costs by the rules: some loops cost nothing, and comparing
 * nested data costs as little as comparing its outermost size. An evaluation never waits, so one counter serves all.
 * Outside evaluations nothing is counted.
 */
let left = Number.POSITIVE_INFINITY;

/** About half a second of work at worst. */
export const mostSteps = 5_000_000;

/** Ends an evaluation that works for too long. */
export class Interrupted extends Error {}

/** Begins to count for an evaluation; an evaluation within another has its own count. @returns what ends it. */
export function beginSteps(most: number): () => void {
  const outer = left;
  left = most;
  return () => {
    left = outer;
  };
}

/** Counts work in proportion to the elements that were touched. */
export function step(count = 1): void {
  left -= count;
  if (left < 0) throw new Interrupted('operation interrupted');
}
