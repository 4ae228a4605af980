/** Milliseconds that one request may keep the thread when others wait. */
const mostMs = 5;

/**
 * Makes what a long piece of work asks between its steps: nothing while the thread has not been kept for long, else a
 * promise that lets everybody go first whose request has come meanwhile.
 */
export function takeTurns(): () => Promise<void> | undefined {
  let since: number | undefined;
  return () => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      setImmediate(() => {
        since = undefined;
      });
      return undefined;
    }
    return now - since < mostMs ? undefined : new Promise((resolve) => setImmediate(resolve));
  };
}
