import type { ApiError } from '../../errors/apiError.ts';
import type { Change, WatchScope } from '../../ports/storage.ts';

/** One watch: a bounded queue, and the revision up to which the queue is complete. */
export class Subscriber {
  readonly scope: WatchScope;
  /** Everything up to here was queued or did not concern the scope. */
  position: number;
  /** True: the log has more than the queue, which then takes nothing live. */
  behind = true;
  /** Set once the watch is over; `error` when it ends with one. */
  end: { error?: ApiError } | undefined;
  progressDue = false;
  #queue: Change[] = [];
  #taken = 0;
  #quiet = true;
  #wake: (() => void) | undefined;

  constructor(scope: WatchScope, position: number) {
    this.scope = scope;
    this.position = position;
  }

  matches(change: Change): boolean {
    return this.scope.namespace === undefined || this.scope.namespace === change.object.key.namespace;
  }

  /** Returns how many changes wait for the consumer. */
  get size(): number {
    return this.#queue.length - this.#taken;
  }

  push(change: Change): void {
    this.#queue.push(change);
    this.#quiet = false;
    this.wake();
  }

  shift(): Change | undefined {
    const change = this.#queue[this.#taken];
    if (change && ++this.#taken === this.#queue.length) {
      this.#queue = [];
      this.#taken = 0;
    }
    return change;
  }

  /** Called at a steady pace: a progress is due when nothing was delivered since the last call. */
  tick(): void {
    if (this.#quiet && !this.behind) {
      this.progressDue = true;
      this.wake();
    }
    this.#quiet = true;
  }

  finish(error?: ApiError): void {
    this.end ??= error ? { error } : {};
    this.wake();
  }

  wake(): void {
    this.#wake?.();
  }

  /** Resolves at the next wake. */
  async wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
