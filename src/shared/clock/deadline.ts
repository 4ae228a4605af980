import type { Clock } from './clock.ts';

/** A time by which something has to be done. */
export interface Deadline {
  /** Aborts at that time, unless it is done by then. */
  signal: AbortSignal;
  /** Ends the wait: the signal never aborts from then on. */
  done(): void;
}

/** A deadline in `ms` from now. Who sets it has to say when it is done, whether that went well or not. */
export function deadline(clock: Clock, ms: number): Deadline {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) late.abort();
  });
  return { signal: late.signal, done: () => done.abort() };
}
