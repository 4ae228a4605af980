/**
 * Runs so many at once. Whoever waits for room waits for one promise: to race all that run, for each that comes, costs more than
 * the rest of a restore.
 */
export class Lanes {
  readonly #atOnce: number;
  #running = 0;
  #failure: { error: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Begins `task` as soon as there is room. @throws what an earlier one threw. */
  async run(task: () => Promise<void>): Promise<void> {
    await this.#fewerThan(this.#atOnce);
    this.#running++;
    task().then(
      () => this.#end(),
      (error: unknown) => {
        this.#failure ??= { error };
        this.#end();
      },
    );
  }

  /** Waits until nothing runs any more. @throws what one of them threw. */
  empty(): Promise<void> {
    return this.#fewerThan(1);
  }

  async #fewerThan(count: number): Promise<void> {
    while (this.#running >= count && !this.#failure) await this.#changed.promise;
    if (this.#failure) throw this.#failure.error;
  }

  #end(): void {
    this.#running--;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
