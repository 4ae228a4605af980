/**
 * Describes which webhooks or policies a request passes a second time: those that wish it, when others changed the
 * object after them. They go by ids.
 */
export class Reinvocation {
  /** The object as the first round left it. */
  #left = '';
  readonly #called = new Set<string>();
  readonly #again = new Set<string>();

  /** The second round begins; other plugins may have changed the object since the first. */
  begin(object: unknown): void {
    if (textOf(object) !== this.#left) this.changed();
  }
  end(object: unknown): void {
    this.#left = textOf(object);
  }
  /** What was called up to now is to be called again. */
  changed(): void {
    for (const id of this.#called) this.#again.add(id);
    this.#called.clear();
  }
  called(id: string, policy: string | undefined): void {
    if (policy === 'IfNeeded') this.#called.add(id);
  }
  includes(id: string): boolean {
    return this.#again.has(id);
  }
}

const textOf = (object: unknown): string => JSON.stringify(object) ?? '';
