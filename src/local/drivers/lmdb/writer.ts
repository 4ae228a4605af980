import type { Clock } from '../../../shared/clock/clock.ts';
import type { Change, Stored } from '../../../shared/ports/storage.ts';
import type { Retention } from '../../../shared/storage/log/retention.ts';
import { Batch, type Intent } from './batch.ts';
import { commit } from './commit.ts';
import { forgettable } from './compaction.ts';
import type { Headroom } from './headroom.ts';
import type { Moved } from './states.ts';
import type { Tables } from './tables.ts';

interface Waiting {
  intent: Intent;
  resolve: (stored: Stored) => void;
  reject: (error: unknown) => void;
}

export interface WriterOptions {
  tables: Tables;
  clock: Clock;
  retention: Retention;
  headroom: Headroom;
  /** Called once changes are on disk, before their writers hear of it. */
  publish: (space: string, changes: readonly Change[]) => void;
}

/**
 * Group commit. One transaction is under way at a time; what arrives meanwhile makes up the next one. A write is judged
 * when its transaction begins, against what is on disk and the writes before it in the same transaction: so when a
 * transaction fails, no other write has built on it, and revisions leave no hole.
 */
export class Writer {
  readonly #options: WriterOptions;
  #waiting: Waiting[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  submit(intent: Intent): Promise<Stored> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ intent, resolve, reject });
      this.#start();
    });
  }

  /**
   * Runs `operations` in a transaction of their own, after the writes that wait, and `after` once it is on disk, before any
   * other write is judged. Resolves then.
   */
  transaction(operations: () => void, after = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => this.#commit('any', operations, after).then(resolve, reject));
      this.#start();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Writes of the same turn of the event loop join the first transaction.
    await new Promise(setImmediate);
    while (this.#waiting.length || this.#tasks.length) {
      const waiting = this.#waiting;
      const tasks = this.#tasks;
      this.#waiting = [];
      this.#tasks = [];
      if (waiting.length) await this.#write(waiting);
      for (const task of tasks) await task();
      await this.#options.headroom.keep();
    }
    // Here and not in a continuation: a write that came in between would wait for ever.
    this.#running = undefined;
  }

  async #write(waiting: Waiting[]): Promise<void> {
    const { tables, clock, publish } = this.#options;
    const batch = new Batch(tables, clock.now());
    const done = waiting.map((w) => outcome(w, batch));
    try {
      this.#compact(batch);
      if (!batch.empty) await this.#commit(batch.spaces, () => batch.write());
    } catch (error) {
      // Refusals too may rest on a write that failed.
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const [space, { changes }] of batch.spaces) publish(space, changes);
    for (const tell of done) tell();
  }

  async #commit(moved: Moved, operations: () => void, after = () => {}): Promise<void> {
    const { root, states } = this.#options.tables;
    states.begin(moved);
    try {
      await commit(root, operations);
      after();
    } finally {
      states.end();
    }
  }

  /** A little of the log goes with every write, so that it stays bounded however fast they come. */
  #compact(batch: Batch): void {
    const { tables, clock, retention } = this.#options;
    for (const [space, { state, changes }] of batch.spaces) {
      const durable = state.head - changes.length;
      batch.forget(
        space,
        forgettable(tables, space, state, durable, retention, clock.now(), 2 * changes.length),
      );
    }
  }
}

/** Stages a write; what is answered tells its caller, once the transaction is on disk. */
function outcome({ intent, resolve, reject }: Waiting, batch: Batch): () => void {
  try {
    const stored = batch.add(intent);
    return () => resolve(stored);
  } catch (error) {
    return () => reject(error);
  }
}
