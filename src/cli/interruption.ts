/**
 * Tells a verb that the user wants it to end. A verb that has not asked to be told would go on for as long as it likes, deaf to
 * Ctrl-C: its process is ended instead, as a signal ends other programs.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #end: (reason: NodeJS.Signals) => void;
  #isHeeded = false;

  constructor(end: (reason: NodeJS.Signals) => void) {
    this.#end = end;
  }

  /** Aborts when the user wants the verb to end. Who reads it ends then. */
  get signal(): AbortSignal {
    this.#isHeeded = true;
    return this.#controller.signal;
  }

  /** Says that the verb has ended: whatever keeps the process alive since is to go by a signal. */
  over(): void {
    this.#isHeeded = false;
  }

  ask(reason: NodeJS.Signals): void {
    if (this.#isHeeded) this.#controller.abort(reason);
    else this.#end(reason);
  }
}

/** Ends this process by a signal that it listens for. */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
