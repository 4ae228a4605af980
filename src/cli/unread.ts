import type { EventEmitter } from 'node:events';

/** Says what a verb does when nobody reads its output any more: `head` has had enough, a pager was left, a log's disk is full. */
export type Unread = 'end' | 'interrupt' | 'goOn';

/** Is the exit code of a program that SIGPIPE ended, as shells tell it: kubectl's is the same. `node:os` of Windows knows no SIGPIPE. */
export const unreadCode = 128 + 13;

/** Are what a write fails with when nobody reads: `EOF` is what Windows may say of a pipe. */
const unreadErrors = ['EPIPE', 'EOF'];

interface Means {
  /** Returns what the verb that runs wants. */
  wanted(): Unread;
  /** Ends the process at once, with an exit code. */
  exit(code: number): void;
  /** Asks the verb to end, as Ctrl-C does. */
  interrupt(): void;
}

/** Listens for failed writes to outputs: without a listener each of them ends the process with a stack trace. */
export function onUnread(outputs: readonly EventEmitter[], { wanted, exit, interrupt }: Means): void {
  const failed = (error: NodeJS.ErrnoException) => {
    const does = wanted();
    if (does === 'goOn') return;
    if (!unreadErrors.includes(error.code ?? '')) throw error;
    if (does === 'interrupt') interrupt();
    else exit(unreadCode);
  };
  for (const output of outputs) output.on('error', failed);
}
