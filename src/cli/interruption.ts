import { unreadCode } from './unread.ts';

/** What comes within this time of the first is the same wish: npm passes Ctrl-C on, and shells the end of their terminal. */
const sameWishMs = 1000;

/**
 * Tells a verb that the user wants it to end. A verb that has not asked to be told would go on for as long as it likes, deaf to
 * Ctrl-C: its process is ended instead, as a signal ends other programs. So is one that takes too long for a user who asks again.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #end: (reason: NodeJS.Signals) => void;
  readonly #now: () => number;
  #isHeeded = false;
  #askedAt: number | undefined;

  /** @param now Returns milliseconds from any moment on. */
  constructor(end: (reason: NodeJS.Signals) => void, now: () => number = () => performance.now()) {
    this.#end = end;
    this.#now = now;
  }

  /** Aborts when the user wants the verb to end. Who reads it ends then. */
  get signal(): AbortSignal {
    this.#isHeeded = true;
    return this.#controller.signal;
  }

  /** Heeds it as long as `work` does. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const isHeeded = this.#isHeeded;
    try {
      return await work(this.signal);
    } finally {
      this.#isHeeded = isHeeded;
    }
  }

  /** Says that the verb has ended: whatever keeps the process alive since is to go by a signal. */
  over(): void {
    this.#isHeeded = false;
  }

  ask(reason: NodeJS.Signals): void {
    if (this.#mayWait(reason)) this.#controller.abort(reason);
    else this.#end(reason);
  }

  #mayWait(reason: NodeJS.Signals): boolean {
    if (!this.#isHeeded) return false;
    this.#askedAt ??= this.#now();
    return reason === 'SIGPIPE' || this.#now() - this.#askedAt <= sameWishMs;
  }
}

/** Ends this process by a signal that it listens for. Windows has none to end by, and Node ignores SIGPIPE everywhere. */
export function endBy(signal: NodeJS.Signals): void {
  if (signal === 'SIGPIPE') process.exit(unreadCode);
  if (process.platform === 'win32') process.exit(130);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
