/** Are the values of a figure's labels by their names. */
export type Labels<L> = { readonly [Name in keyof L]: string | number };

/**
 * Keeps something for each set of labels, and finds it by comparing them: nothing is made of the labels of what is counted, which
 * happens several times for each request. `first` is the label that tells most of them apart.
 */
export class Tallies<L extends Labels<L>, T> {
  readonly #first: string & keyof L;
  readonly #make: (labels: L) => T;
  readonly #kept = new Map<string | number, { labels: L; value: T }[]>();

  constructor(first: string & keyof L, make: (labels: L) => T) {
    this.#first = first;
    this.#make = make;
  }

  /** Returns what is kept for the labels, made when they are seen for the first time. */
  of(labels: L): T {
    const first: string | number = labels[this.#first];
    const near = this.#kept.get(first);
    if (near) for (const kept of near) if (isSame(kept.labels, labels)) return kept.value;
    const made = { labels: { ...labels }, value: this.#make(labels) };
    if (near) near.push(made);
    else this.#kept.set(first, [made]);
    return made.value;
  }

  /** Goes through all that is kept. */
  *[Symbol.iterator](): Generator<[labels: L, value: T]> {
    for (const near of this.#kept.values()) for (const { labels, value } of near) yield [labels, value];
  }
}

function isSame<L>(one: L, other: L): boolean {
  for (const name in one) if (one[name] !== other[name]) return false;
  return true;
}

/** Counts durations by how long they were, in seconds. */
export class Durations {
  sum = 0;
  count = 0;
  readonly #upTo: readonly number[];
  readonly #counts: number[];

  /** `upTo` are the upper bounds of the buckets, which rise. */
  constructor(upTo: readonly number[]) {
    this.#upTo = upTo;
    this.#counts = upTo.map(() => 0);
  }

  observe(seconds: number): void {
    this.sum += seconds;
    this.count++;
    const upTo = this.#upTo;
    for (let i = 0; i < upTo.length; i++)
      if (seconds <= upTo[i]!) {
        this.#counts[i]!++;
        return;
      }
  }

  /** Returns how many were at most as long as each bound. */
  *buckets(): Generator<[upTo: number, count: number]> {
    let all = 0;
    for (const [i, upTo] of this.#upTo.entries()) {
      all += this.#counts[i]!;
      yield [upTo, all];
    }
  }
}
