import type { Clock } from './clock.ts';

/** Some 24 days; a timer that is set to more goes off at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Wall-clock time. The one place in shared that may read it; only composition roots import this file. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      let timer: NodeJS.Timeout;
      const wait = (left: number) => {
        timer = setTimeout(
          () => (left > longestTimerMs ? wait(left - longestTimerMs) : done()),
          Math.min(left, longestTimerMs),
        );
      };
      wait(ms);
      signal?.addEventListener('abort', done);
    }),
};
