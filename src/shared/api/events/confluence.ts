/** Something of one of several streams. */
export interface Arrival<T> {
  from: number;
  value: T;
}

/**
 * Joins streams into one. Of each at most one value waits to be taken, so that a slow reader slows them all down and nothing
 * piles up here.
 */
export class Confluence<T> {
  #arrived: (Arrival<T> & { taken: () => void })[] = [];
  #error: { is: unknown } | undefined;
  #open: number;
  #wake: () => void = () => {};

  /** `firsts` is what has been read of each already. */
  constructor(streams: readonly AsyncIterator<T>[], firsts: readonly IteratorResult<T>[]) {
    this.#open = streams.length;
    for (const [from, stream] of streams.entries())
      void this.#pump(stream, firsts[from]!, from).catch((error: unknown) => {
        this.#error ??= { is: error };
        this.#wake();
      });
  }

  /** Takes what has arrived, in no more than its turn. Throws what a stream threw, once all before it is taken. */
  take(): Arrival<T> | undefined {
    const next = this.#arrived.shift();
    next?.taken();
    if (!next && this.#error) throw this.#error.is;
    return next;
  }

  /** True when every stream has ended and all is taken. */
  get isOver(): boolean {
    return this.#open === 0 && this.#arrived.length === 0;
  }

  /** Resolves when there is something to take, or at once when there is already. */
  arrival(): Promise<void> {
    if (this.#arrived.length > 0 || this.#error || this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #pump(stream: AsyncIterator<T>, first: IteratorResult<T>, from: number): Promise<void> {
    for (let next = first; !next.done; next = await stream.next()) {
      const { value } = next;
      await new Promise<void>((taken) => {
        this.#arrived.push({ from, value, taken });
        this.#wake();
      });
    }
    this.#open--;
    this.#wake();
  }
}
