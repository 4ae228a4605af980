import type { Clock } from '../../../../shared/clock/clock.ts';

/** Is called when a Service begins or ceases to be followed; resolves when it is used accordingly. */
type Following = () => Promise<void> | undefined;

/** Is told which endpoints are not to be offered. */
export interface Withholds {
  /** Says whether one that is ready is not offered. */
  readonly isWithheld: boolean;
  /** Offers none of those that are ready now, until it hears that they are not. */
  withhold(): void;
  /** Hears that those who come may wait now, or may not any more. */
  mayWaitChanged(): void;
  /** Offers those at these addresses again; all when it is told none. */
  restore(addresses?: ReadonlySet<string>): void;
}

/** Is told what becomes of the use of a Service. */
export interface UseListener {
  /** Somebody begins to wait. */
  wanted(): void;
  /** Nothing leads to the Service any more. */
  left(): void;
}

/** So many connections wait for one Service, each for so long (milliseconds). */
const mostWaiting = 1_000;
const waitMs = 120_000;

/** Who follows a Service is answered after so long at most (milliseconds), whoever could not be told of it yet. */
const tellingMs = 2_000;

/** A connection that waits for a Service. */
export interface Waiting {
  /** Says when it has waited long enough; undefined when it may not wait any more. Milliseconds since the epoch. */
  readonly deadline: number | undefined;
  leave(): void;
}

/** How one Service is used, by all ports and Ingresses that lead to it. */
export class ServiceUse {
  readonly #clock: Clock;
  readonly #listener: UseListener;
  readonly #backends = new Set<Withholds>();
  #open = 0;
  #lastUsed: number;
  #waiting = 0;
  #mayWait = false;
  #isFollowed = false;
  /** So many times it was said that it is followed, and not everybody has heard. */
  #untold = 0;
  #followings = new Set<Following>();

  constructor(clock: Clock, listener: UseListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#lastUsed = clock.now();
  }

  join(backends: Withholds): void {
    this.#backends.add(backends);
  }

  leave(backends: Withholds): void {
    this.#backends.delete(backends);
    this.#endIfUnused();
  }

  /** Something uses the Service until the answer is called. */
  begin(): () => void {
    this.#open++;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#open--;
      this.#lastUsed = this.#clock.now();
    };
  }

  get lastUsed(): number {
    return this.#open + this.#untold > 0 ? this.#clock.now() : this.#lastUsed;
  }

  get isWanted(): boolean {
    return this.#waiting > 0;
  }

  /** A connection begins to wait, if it may and there is room. */
  wait(): Waiting | undefined {
    if (!this.#mayWait || this.#waiting >= mostWaiting) return undefined;
    const deadline = this.#clock.now() + waitMs;
    if (this.#waiting++ === 0) this.#listener.wanted();
    const mayWait = () => this.#mayWait;
    return {
      get deadline() {
        return mayWait() ? deadline : undefined;
      },
      leave: () => void this.#waiting--,
    };
  }

  /** Says whether somebody asks how it is used, so that nothing may go past unseen. */
  get isFollowed(): boolean {
    return this.#isFollowed;
  }

  /** Calls `listener` whenever that is another. Returns what ends it. */
  onFollowing(listener: Following): () => void {
    this.#followings.add(listener);
    return () => {
      this.#followings.delete(listener);
      this.#endIfUnused();
    };
  }

  /**
   * Resolves when all goes where it is seen, or may go elsewhere again, or after two seconds. As long as something may go
   * elsewhere it counts as used.
   */
  async setFollowed(isFollowed: boolean): Promise<void> {
    if (this.#isFollowed === isFollowed) return;
    this.#isFollowed = isFollowed;
    const told = this.#tell();
    if (isFollowed) await Promise.race([told, this.#clock.sleep(tellingMs)]);
  }

  async #tell(): Promise<void> {
    this.#untold++;
    await Promise.all([...this.#followings].map((listener) => listener()));
    this.#untold--;
    this.#lastUsed = this.#clock.now();
  }

  get mayWait(): boolean {
    return this.#mayWait;
  }

  set mayWait(mayWait: boolean) {
    if (this.#mayWait === mayWait) return;
    this.#mayWait = mayWait;
    for (const backends of this.#backends) backends.mayWaitChanged();
  }

  /** Answers whether it was not used after `since`; then its endpoints are not offered any more. */
  withhold(since: number): boolean {
    if (this.lastUsed > since) return false;
    for (const backends of this.#backends) backends.withhold();
    return true;
  }

  get isWithheld(): boolean {
    return [...this.#backends].some((backends) => backends.isWithheld);
  }

  restore(addresses?: ReadonlySet<string>): void {
    for (const backends of this.#backends) backends.restore(addresses);
  }

  #endIfUnused(): void {
    if (this.#backends.size + this.#followings.size === 0) this.#listener.left();
  }
}
