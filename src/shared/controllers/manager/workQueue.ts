import type { Clock } from '../../clock/clock.ts';
import { Backoff } from './backoff.ts';
import { Delays } from './delays.ts';

/** Describes what one run of a key led to: done, done for now, or failed. */
export type Outcome = 'done' | { requeueAfterMs: number } | { error: unknown };

/**
 * Runs keys with bounded concurrency: a key waits at most once, never runs twice at the same time, and runs once more
 * when it was added while running. Failures come back with exponential back-off. A key whose run took long rests
 * longer before it runs again, so that a burst of changes costs a few runs and not one each.
 */
export class WorkQueue {
  #waiting = new Set<string>();
  #running = new Set<string>();
  #again = new Set<string>();
  #delays: Delays;
  #backoff = new Backoff();
  #stopped = false;
  #open = false;
  #idle: (() => void)[] = [];
  readonly #clock: Clock;
  readonly #concurrency: number;
  readonly #run: (key: string) => Promise<Outcome>;

  constructor(clock: Clock, concurrency: number, run: (key: string) => Promise<Outcome>) {
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#run = run;
    this.#delays = new Delays(clock, (key) => this.add(key));
  }

  /** Work begins now; until then keys only gather. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  add(key: string): void {
    if (this.#stopped) return;
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#waiting.add(key);
    this.#pump();
  }

  addAfter(key: string, ms: number): void {
    if (!this.#stopped) this.#delays.add(key, ms);
  }

  /** Drops what waits; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#delays.stop();
    this.#waiting.clear();
    this.#again.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Keys that wait or run; delayed ones do not count. */
  get depth(): number {
    return this.#waiting.size + this.#running.size;
  }

  #pump(): void {
    if (!this.#open) return;
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#concurrency) return;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    const began = this.#clock.now();
    const outcome = await this.#run(key).catch((error: unknown): Outcome => ({ error }));
    const took = this.#clock.now() - began;
    this.#running.delete(key);
    const again = this.#again.delete(key);
    if (this.#stopped) {
      if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    if (typeof outcome === 'object' && 'error' in outcome) this.#delays.add(key, this.#backoff.next(key));
    else {
      this.#backoff.forget(key);
      if (typeof outcome === 'object') this.#delays.add(key, outcome.requeueAfterMs);
    }
    if (again) this.#rest(key, took);
    this.#pump();
  }

  #rest(key: string, took: number): void {
    if (took > 1) this.#delays.add(key, Math.min(3 * took, 50));
    else this.#waiting.add(key);
  }
}
