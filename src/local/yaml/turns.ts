import { ApiError } from '../../shared/errors/apiError.ts';

/** Bounds how much waits, each of up to 3 MiB. */
const mostInLane = 16;
const mostWaiting = 32;
/** Who has waited as long is asked to come again, so that those behind them do not wait as long. */
const longestWaitMs = 30_000;

type Work = () => Promise<unknown>;

/** Does works one after the other. Those that wait stand in lanes, which take turns: a long lane delays itself alone. */
export class Turns {
  readonly #lanes = new Map<unknown, Work[]>();
  readonly #now: () => number;
  #waiting = 0;
  #isBusy = false;

  /** @param now Returns milliseconds from any moment on. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws an ApiError, TooManyRequests, when too many wait, or after too long a wait. */
  async take<T>(lane: unknown, work: () => Promise<T>): Promise<T> {
    const own = this.#lanes.get(lane) ?? [];
    if (own.length >= mostInLane || this.#waiting >= mostWaiting) throw tooMany();
    const since = this.#now();
    return new Promise((resolve, reject) => {
      own.push(async () => {
        if (this.#now() - since > longestWaitMs) reject(tooMany());
        else await work().then(resolve, reject);
      });
      this.#lanes.set(lane, own);
      this.#waiting++;
      if (!this.#isBusy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    // A lane that is set anew comes again, behind the others.
    for (const [lane, [next, ...rest]] of this.#lanes) {
      this.#lanes.delete(lane);
      if (rest.length > 0) this.#lanes.set(lane, rest);
      this.#waiting--;
      await next!();
    }
    this.#isBusy = false;
  }
}

const tooMany = () =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds: 1 },
  });
