import type { ChildProcess } from 'node:child_process';

/** What a pipe says when nobody is left to read it. */
const unread = ['EPIPE', 'ECONNRESET'];

/**
 * Gives a program its input, if any, and then its end. A program may end before it has taken all of it, as `head` does,
 * and kubectl when it is refused: how it went is for its output and exit code to say.
 */
export function giveInput({ stdin }: ChildProcess, input?: string): void {
  stdin?.on('error', (error: NodeJS.ErrnoException) => {
    if (!unread.includes(error.code ?? '')) throw error;
  });
  stdin?.end(input);
}
