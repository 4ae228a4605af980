import type { DeadLetter } from '../../shared/ports/outbox.ts';

/** Says how much may be kept: that many events, and no more bytes in all. */
export interface Bounds {
  events: number;
  bytes: number;
}

/** A day of a receiver that is away, for most clusters. */
export const waitingBounds: Bounds = { events: 100_000, bytes: 256 * 2 ** 20 };
const deadBounds: Bounds = { events: 10_000, bytes: 64 * 2 ** 20 };

/** Dead letters, of which the oldest go when there are too many. */
export class Letters {
  readonly #letters: Map<number, DeadLetter>;
  readonly #bounds: Bounds;
  #bytes: number;
  /** Letters that had to go for others, since the start. */
  lost = 0;

  constructor(letters: readonly DeadLetter[], bounds: Bounds = deadBounds) {
    this.#letters = new Map(letters.map((letter) => [letter.number, letter]));
    this.#bounds = bounds;
    this.#bytes = letters.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get count(): number {
    return this.#letters.size;
  }

  all(): DeadLetter[] {
    return [...this.#letters.values()];
  }

  /** Answers those that have to go for it. */
  add(letter: DeadLetter): DeadLetter[] {
    this.#letters.set(letter.number, letter);
    this.#bytes += letter.bytes;
    const gone: DeadLetter[] = [];
    for (const oldest of this.#letters.values()) {
      if (this.#letters.size <= this.#bounds.events && this.#bytes <= this.#bounds.bytes) break;
      gone.push(oldest);
      this.#remove(oldest);
    }
    this.lost += gone.length;
    return gone;
  }

  /** Takes those of these numbers out, or all. */
  take(numbers: readonly number[] = [...this.#letters.keys()]): DeadLetter[] {
    return numbers.flatMap((number) => {
      const letter = this.#letters.get(number);
      if (letter) this.#remove(letter);
      return letter ?? [];
    });
  }

  #remove(letter: DeadLetter): void {
    this.#letters.delete(letter.number);
    this.#bytes -= letter.bytes;
  }
}
