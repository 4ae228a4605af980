/**
 * The work that one evaluation may still do, whatever it costs by the rules: some loops cost nothing, and comparing
 * nested data costs as little as comparing its outermost size. An evaluation never waits, so one counter serves all.
 * Outside evaluations nothing is counted.
 */
let left = Number.POSITIVE_INFINITY;

/** Is what all that is done in a moment may still do and cost; absent outside of moments. */
let moment: { steps: number; cost: number } | undefined;

/** About half a second of work at worst. */
export const mostSteps = 5_000_000;

/** Is the cost that expressions have in some five milliseconds; one alone may cost twenty times as much. */
const momentCost = 50_000;
/** Is how much work that costs nothing, or little, fits into as long: loops, patterns, and schemas to look at. */
const momentSteps = 50_000;

/** Ends an evaluation that works for too long. */
export class Interrupted extends Error {}

/** Ends work for which somebody else would wait. */
class TooLong extends Error {}

/** Begins to count for an evaluation; an evaluation within another has its own count. @returns what ends it. */
export function beginSteps(most: number): () => void {
  const outer = left;
  left = most;
  return () => {
    left = outer;
  };
}

/**
 * Does work that evaluates and counts, and never waits, as far as a moment goes.
 * @param longer is done in its place where it takes longer than that.
 */
export function inMoment<T>(work: () => T, longer: () => T): T {
  const outer = moment;
  moment = { steps: momentSteps, cost: momentCost };
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
  } finally {
    moment = outer;
  }
  return longer();
}

/**
 * Returns what makes a thing when it is first asked for, and keeps it. What once took longer than a moment is not tried in
 * one again.
 */
export function madeOnce<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  let isLong = false;
  return () => {
    if (made) return made;
    if (isLong && moment) throw new TooLong();
    try {
      made = make();
      return made;
    } catch (error) {
      isLong ||= error instanceof TooLong;
      throw error;
    }
  };
}

/** Counts work in proportion to the elements that were touched. */
export function step(count = 1): void {
  left -= count;
  if (moment) {
    moment.steps -= count;
    if (moment.steps < 0) throw new TooLong();
  }
  if (left < 0) throw new Interrupted('operation interrupted');
}

/** Is how many letters are read or written in the time of a step. */
const lettersOfStep = 32;

/** Counts the work of reading or writing a text, which costs nothing by the rules where its type is not known. */
export function stepOver({ length }: string): void {
  if (length >= lettersOfStep) step(Math.floor(length / lettersOfStep));
}

/** Counts what an expression has cost. */
export function spend(cost: number): void {
  if (!moment) return;
  moment.cost -= cost;
  if (moment.cost < 0) throw new TooLong();
}
