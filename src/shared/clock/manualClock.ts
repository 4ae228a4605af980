import type { Clock } from './clock.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that stands still until it is stepped; sleepers wake in order of their time. */
export class ManualClock implements Clock {
  #now: number;
  /** In the order of their time; of the same time, as they came. */
  readonly #sleepers: Sleeper[] = [];
  readonly #settle: () => Promise<void>;

  /** `settle` lets promise continuations run, without the passage of time. */
  constructor(start = Date.UTC(2026, 0, 1), settle = turnOfLoop) {
    this.#now = start;
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      const behind = this.#sleepers.findLastIndex(({ at }) => at <= sleeper.at);
      this.#sleepers.splice(behind + 1, 0, sleeper);
      signal?.addEventListener('abort', () => {
        const at = this.#sleepers.indexOf(sleeper);
        if (at >= 0) this.#sleepers.splice(at, 1);
        resolve();
      });
    });
  }

  /** Moves time forward, waking each sleeper at its own instant and letting its continuation run first. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#sleepers[0];
      if (!next || next.at > end) break;
      this.#now = next.at;
      this.#sleepers.shift();
      next.wake();
      await this.#settle();
    }
    this.#now = end;
    await this.#settle();
  }

  /** Returns when the next sleeper wakes; Infinity: nobody sleeps. */
  get nextAt(): number {
    return this.#sleepers[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Returns how many callers wait: lets a test step only once the code under test sleeps. */
  get sleeping(): number {
    return this.#sleepers.length;
  }
}

/** Whatever the event loop has for them, files and sockets too, gets its turn. */
const turnOfLoop = () => new Promise<void>((resolve) => setImmediate(resolve));
