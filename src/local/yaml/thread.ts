import type { Worker } from 'node:worker_threads';
import { ApiError } from '../../shared/errors/apiError.ts';

/** Describes why a thread did not come to an end with what it was given. */
export interface Unfinished {
  unfinished: string;
}

/** Asks a thread one task after the other. It starts with the first of them; one that has ended is followed by another. */
export class Thread {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /**
   * Returns what the thread sends back. A task that takes longer than `ms` ends with the thread.
   * @param tooLong Is said of such a task.
   * @throws an ApiError, ServiceUnavailable, once it is closed.
   */
  async ask<Outcome>(task: unknown, ms: number, tooLong: string): Promise<Outcome | Unfinished> {
    if (this.#isClosed) throw closed();
    const worker = this.#started();
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome | Unfinished, isOver: boolean) => {
        clearTimeout(timer);
        worker.off('message', heard).off('error', failed).off('exit', ended);
        if (isOver) void this.#end();
        if (this.#isClosed) reject(closed());
        else resolve(outcome);
      };
      const heard = (outcome: Outcome) => settle(outcome, false);
      const failed = (error: Error) => settle({ unfinished: error.message }, true);
      const ended = () => settle({ unfinished: 'the thread was ended' }, true);
      const timer = setTimeout(() => settle({ unfinished: tooLong }, true), ms);
      worker.on('message', heard).on('error', failed).on('exit', ended);
      try {
        worker.postMessage(task);
      } catch (error) {
        settle({ unfinished: (error as Error).message }, false);
      }
    });
  }

  /** Ends the thread, and refuses what it was asked and what it will be. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    this.#worker = worker;
    // It may fail while nobody asks it anything, too.
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.on('error', forget).on('exit', forget).unref();
    return worker;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

const closed = () => new ApiError('ServiceUnavailable', 'the server is shutting down');
