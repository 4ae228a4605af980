const parts = 4;
/** Timers of Node that are longer are over at once, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/**
 * Calls `act` once `ms` milliseconds have gone by in which this process could have heard what it waits for. While a process gets
 * no turn, answers arrive and lie unread, and Node calls timers that are due before it reads: so the wait is counted in parts, a
 * part that took longer counts as one, and what has come is read before the last of them ends. Returns what ends the wait.
 */
export function afterAwake(ms: number, act: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;
  const wait = (left: number) => {
    timer = setTimeout(
      () => {
        if (left > 1) wait(left - 1);
        else last = setImmediate(act);
      },
      Math.min(ms / parts, longestTimer),
    );
  };
  wait(parts);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
