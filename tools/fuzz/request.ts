/** One request of the fuzzer, complete: the same seed gives the same bytes on every machine. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** What a server answered: its status, and whether an error came as a Status. */
export interface FuzzAnswer {
  /** 0: the connection ended without an answer. */
  status: number;
  isStatus: boolean;
}

/** Draws from lists, so that everything random in the grammar stands in one place. */
export class Draw {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.#random() * below);
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** True once in `times`. */
  rarely(times: number): boolean {
    return this.below(times) === 0;
  }
}
