/** Is what a time.Duration of Go holds: some 292 years. */
const mostSeconds = 9_223_372_036;

/**
 * A field of whole seconds as a number for arithmetic. Such fields have 64 bits, so that beyond 2^53 one is a bigint at
 * run time, whatever its type says, and sums of the two throw. More than 292 years are 292 years: every time that is
 * reckoned from it is one that can be written.
 */
export const boundedSeconds = (seconds: number): number =>
  Math.max(-mostSeconds, Math.min(mostSeconds, Number(seconds)));
