import type { Clock } from '../../../shared/clock/clock.ts';

/** Readers of a log that wait for new entries. */
export class Sleepers {
  readonly #clock: Clock;
  readonly #all = new Set<AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wakes all of them. */
  wake(): void {
    for (const sleeper of this.#all) sleeper.abort();
  }

  /** From now until `done()`, a wake ends the sleep, even one that begins later. */
  open(signal: AbortSignal): { sleep(ms: number): Promise<void>; done(): void } {
    const woken = new AbortController();
    const abort = () => woken.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    this.#all.add(woken);
    return {
      sleep: (ms) => this.#clock.sleep(ms, woken.signal),
      done: () => {
        signal.removeEventListener('abort', abort);
        this.#all.delete(woken);
      },
    };
  }
}
