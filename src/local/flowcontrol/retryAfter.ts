const most = 32;

/**
 * Describes when those that are refused are to come again: twice as late while ever more are refused, a second sooner
 * when hardly any is. As k8s.io/apiserver's tracker of dropped requests.
 */
export class RetryAfter {
  seconds = 1;
  #second = 0;
  #count = 0;
  #history: { second: number; count: number }[] = [];
  #doubled = 0;

  /** Counts one that is refused; `now` is in milliseconds. */
  refused(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.#second) {
      this.#count++;
      return;
    }
    this.#history.push({ second: this.#second, count: this.#count });
    const kept = Math.min(2 * this.seconds, most);
    this.#history = this.#history.filter((each) => second - each.second <= kept);
    this.#second = second;
    this.#count = 1;
    this.#adjust(second);
  }

  #adjust(second: number): void {
    const dropped = this.#history
      .filter((each) => second - each.second <= this.seconds && each.second < second)
      .reduce((sum, { count }) => sum + count, 0);
    if (second - this.#doubled >= this.seconds && dropped >= 3 * this.seconds) {
      this.seconds = Math.min(this.seconds * 2, most);
      this.#doubled = second;
    } else if (dropped < this.seconds && this.seconds > 1) this.seconds--;
  }
}
