/** Newest revision of a space, and the one after which its log is complete. */
export interface SpaceState {
  readonly head: number;
  readonly floor: number;
}

/** Says which spaces a transaction may move: some, or any of them. */
export type Moved = ReadonlyMap<string, unknown> | 'any';

/** Spaces whose states are kept. */
const most = 10_000;

/**
 * Remembers where spaces stand: each request asks that of several, and few ever move. What a transaction under way may
 * move is read each time, since only the disk says whether it has.
 */
export class States {
  readonly #known = new Map<string, SpaceState>();
  #moving: Moved | undefined;

  /** The state of a space, by `read` where it is not known. */
  of(space: string, read: (space: string) => SpaceState): SpaceState {
    const known = this.#known.get(space);
    if (known) return known;
    const state = read(space);
    if (this.#isStill(space)) {
      if (this.#known.size >= most) this.#known.clear();
      this.#known.set(space, state);
    }
    return state;
  }

  /** Forgets what a transaction is about to move. One is under way at a time. */
  begin(moved: Moved): void {
    this.#moving = moved;
    if (moved === 'any') this.#known.clear();
    else for (const space of moved.keys()) this.#known.delete(space);
  }

  /** Ends that transaction, whether or not it came to anything. */
  end(): void {
    this.#moving = undefined;
  }

  #isStill(space: string): boolean {
    return !this.#moving || (this.#moving !== 'any' && !this.#moving.has(space));
  }
}
