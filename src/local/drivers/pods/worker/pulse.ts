import type { Clock } from '../../../../shared/clock/clock.ts';

/** Wakes everyone who waits. */
export class Pulse {
  readonly #clock: Clock;
  #waiting = new Set<AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  beat(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const each of waiting) each.abort();
  }

  /** Resolves at the next beat or after `ms`. */
  async next(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#waiting.add(woken);
    // Timers hold no more than 24 days; then the loop looks again.
    await this.#clock.sleep(Math.min(Math.max(0, ms), 86_400_000), woken.signal);
    this.#waiting.delete(woken);
  }
}
