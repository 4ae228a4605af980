/** Is how many seats a level could have used in a time: on average, how far from it, at most, and smoothed over the past. */
export interface DemandFigures {
  average: number;
  deviation: number;
  highest: number;
  smoothed: number;
}

/** Half of an envelope is forgotten after five minutes of ten seconds each. */
const decay = 0.977;

/** Adds up over time how many seats a level could use. */
export class Demand {
  figures: DemandFigures = { average: 0, deviation: 0, highest: 0, smoothed: 0 };
  #since: number;
  #last: number;
  #value = 0;
  #highest = 0;
  #sum = 0;
  #squares = 0;

  /** `now` is in milliseconds. */
  constructor(now: number) {
    this.#since = now;
    this.#last = now;
  }

  set(value: number, now: number): void {
    this.#integrate(now);
    this.#value = value;
    if (value > this.#highest) this.#highest = value;
  }

  /** Ends a time of `periods` periods, whose figures stand then, and begins the next one. */
  turn(now: number, periods: number): DemandFigures {
    this.#integrate(now);
    const elapsed = now - this.#since;
    const highest = Math.round(this.#highest);
    if (elapsed > 0) {
      const average = this.#sum / elapsed;
      const deviation = Math.sqrt(Math.max(0, this.#squares / elapsed - average * average));
      const envelope = average + deviation;
      const kept = decay ** periods;
      const smoothed = Math.max(envelope, kept * this.figures.smoothed + (1 - kept) * envelope);
      this.figures = { average, deviation, highest, smoothed };
    } else this.figures = { ...this.figures, highest };
    this.#since = now;
    this.#highest = this.#value;
    this.#sum = 0;
    this.#squares = 0;
    return this.figures;
  }

  #integrate(now: number): void {
    const elapsed = now - this.#last;
    this.#last = now;
    this.#sum += this.#value * elapsed;
    this.#squares += this.#value * this.#value * elapsed;
  }
}
