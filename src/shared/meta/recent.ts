/** Is what keeps something that can be made again. */
export interface Holder {
  forget(): void;
}

/**
 * Bounds what holders keep in all: who said first that it keeps something has to forget it first. Holders that nobody
 * else knows any more are not kept alive.
 */
export class Recent {
  readonly #most: number;
  readonly #held = new Map<WeakRef<Holder>, number>();
  #weight = 0;

  /** @param most is the sum of the weights that may be kept, besides the latest. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes note of what a holder keeps from now on. */
  keeps(holder: Holder, weight: number): void {
    for (const [oldest, its] of this.#held) {
      if (this.#weight <= this.#most) break;
      this.#held.delete(oldest);
      this.#weight -= its;
      oldest.deref()?.forget();
    }
    this.#held.set(new WeakRef(holder), weight);
    this.#weight += weight;
  }
}
