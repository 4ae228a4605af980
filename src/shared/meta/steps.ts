/**
 * Long work in steps: between them, whoever carries it out may let others go first. It is written as a generator that
 * yields after each step and returns the result.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Gives others their turn when the thread has been kept for long, else nothing. */
export type Turn = () => Promise<void> | undefined;

/** Receives what is still to be done once all else is: work on what has been returned already. */
export type Later = Steps<void>[];

/** Does what is left, and what comes of it, the latest first. */
export function* rest(later: Later): Steps<void> {
  for (let steps = later.pop(); steps; steps = later.pop()) {
    yield;
    yield* steps;
  }
}

/** Carries out the work without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Carries out the work and asks after each step whether others should have their turn; without `turn` nobody is asked. */
export async function inTurns<T>(steps: Steps<T>, turn?: Turn): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    const wait = turn?.();
    if (wait) await wait;
  }
}
