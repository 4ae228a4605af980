/** Of so many, one lets the event loop go round: whoever started the process may have something to say to it. */
const turnEach = 256;

/**
 * Lets promise continuations run, all of them, and nothing else: for a world whose code waits for promises and a clock
 * only, no file and no socket. A turn of the event loop for each of 200,000 steps costs more than many of the steps.
 */
export function settledSoon(): () => Promise<void> {
  let count = 0;
  return () =>
    new Promise((resolve) => {
      if (++count % turnEach === 0) setImmediate(resolve);
      else process.nextTick(resolve);
    });
}
