import type { Clock } from '../../../src/shared/clock/clock.ts';

/** What a service gives in a second, and how much of what was not used it gives at once later. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** Tokens as AWS hands them out: a full bucket at first, so many more each second, and none while it is empty. */
export class Allowance {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #left: number;
  #at: number;

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = clock.now();
  }

  /** How many tokens there are; less than none after a request that took more than was left. */
  get left(): number {
    this.#fill();
    return this.#left;
  }

  take(tokens: number): void {
    this.#fill();
    this.#left -= tokens;
  }

  #fill(): void {
    const now = this.#clock.now();
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
  }
}
