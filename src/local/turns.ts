/** Milliseconds that one request may keep the thread when others wait. */
const mostMs = 5;

/**
 * Makes what a long piece of work asks between its steps: nothing while the thread has not been kept for long, else a
 * promise that lets everybody go first whose request has come meanwhile. Of those who wait so, one goes on at a time, in the
 * order in which they began to wait, and requests that come are looked at before the next. `now` tells milliseconds.
 */
export function takeTurns(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  const waiting: (() => void)[] = [];
  let since: number | undefined;
  const begin = () => {
    since = now();
    setImmediate(next);
  };
  const next = () => {
    since = undefined;
    const goesOn = waiting.shift();
    if (!goesOn) return;
    // The step that follows counts as well.
    begin();
    goesOn();
  };
  return () => {
    if (since === undefined) begin();
    else if (now() - since >= mostMs) return new Promise((resolve) => waiting.push(resolve));
    return undefined;
  };
}
