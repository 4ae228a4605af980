import type { Clock } from './clock.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that stands still until it is stepped; sleepers wake in order of their time. */
export class ManualClock implements Clock {
  #now: number;
  /** In the order of their time; of the same time, as they came. */
  #sleepers: Sleeper[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
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
        this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
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
      await settle();
    }
    this.#now = end;
    await settle();
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

/** Lets promise continuations run without the passage of time. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
