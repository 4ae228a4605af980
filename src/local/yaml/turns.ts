import { ApiError } from '../../shared/errors/apiError.ts';

/** Bounds how much waits of whatever cluster: large texts and bodies, each of up to 3 MiB, which nothing has counted yet. */
const mostUnnamed = 16;
/** Is as many writes as the server answers at once, so that a burst waits its time and is not refused. */
const mostOfCluster = 200;
/** Who has waited as long is asked to come again, so that those behind them do not wait as long. */
const longestWaitMs = 30_000;

type Work = () => Promise<unknown>;
type Lanes = Map<unknown, Work[]>;

/** Says where a work stands. */
export interface Place {
  /** Absent: one of whatever cluster. */
  cluster?: string | undefined;
  lane?: unknown;
}

/**
 * Does works one after the other. Logical clusters take turns, and so do the lanes in which the works of one of them stand:
 * a long lane delays itself alone.
 */
export class Turns {
  readonly #clusters = new Map<string | undefined, Lanes>();
  readonly #now: () => number;
  #isBusy = false;

  /** @param now Returns milliseconds from any moment on. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws an ApiError, TooManyRequests, when too many of its cluster wait, or after too long a wait. */
  async take<T>({ cluster, lane }: Place, work: () => Promise<T>): Promise<T> {
    const lanes = this.#clusters.get(cluster) ?? (new Map() as Lanes);
    const own = lanes.get(lane) ?? [];
    const waiting = [...lanes.values()].reduce((sum, { length }) => sum + length, 0);
    if (waiting >= (cluster === undefined ? mostUnnamed : mostOfCluster)) throw tooMany();
    const since = this.#now();
    return new Promise((resolve, reject) => {
      own.push(async () => {
        if (this.#now() - since > longestWaitMs) reject(tooMany());
        else await work().then(resolve, reject);
      });
      lanes.set(lane, own);
      this.#clusters.set(cluster, lanes);
      if (!this.#isBusy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    // A cluster that is set anew comes again, behind the others.
    for (const [cluster, lanes] of this.#clusters) {
      this.#clusters.delete(cluster);
      const next = takeFirst(lanes);
      if (lanes.size > 0) this.#clusters.set(cluster, lanes);
      await next?.();
    }
    this.#isBusy = false;
  }
}

/** Takes the first work of a lane, which comes again behind the others. */
function takeFirst(lanes: Lanes): Work | undefined {
  for (const [lane, [first, ...rest]] of lanes) {
    lanes.delete(lane);
    if (rest.length > 0) lanes.set(lane, rest);
    return first;
  }
  return undefined;
}

const tooMany = () =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds: 1 },
  });
