/** Does work on one thing one after the other, and work on different things at the same time. */
export class Turns {
  /** Is what ends last, by what it is on. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work when all that came before it on the same thing is over, whatever came of that. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result.catch(() => {});
    this.#last.set(key, tail);
    void tail.then(() => {
      if (this.#last.get(key) === tail) this.#last.delete(key);
    });
    return result;
  }
}
