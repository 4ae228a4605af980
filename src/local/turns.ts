/** Milliseconds that one request may keep the thread when others wait. */
const mostMs = 5;

/**
 * Makes what a long piece of work asks between its steps: nothing while the thread has not been kept for long, else a
 * promise that lets everybody go first whose request has come meanwhile. `now` tells milliseconds.
 */
export function takeTurns(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since: number | undefined;
  const begin = () => {
    since = now();
    setImmediate(() => {
      since = undefined;
    });
  };
  return () => {
    if (since === undefined) begin();
    else if (now() - since >= mostMs)
      return new Promise((resolve) =>
        setImmediate(() => {
          // The step that follows counts as well.
          if (since === undefined) begin();
          resolve();
        }),
      );
    return undefined;
  };
}
