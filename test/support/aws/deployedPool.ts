import type { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { asReader } from '../dynamodb/readers.ts';
import type { DeployedProcess } from './deployedProcess.ts';

export interface PoolOptions {
  clock: ManualClock;
  random(): number;
  /** Of each invocation, that its process dies soon. */
  kill(): number;
  /** How many run at the same time at most. */
  concurrency: number;
  open(serial: number): DeployedProcess;
}

const longestLifeMs = 250;

/** The processes of the functions: each runs one invocation at a time, and the next when it has not died. */
export class ProcessPool {
  /** How many died at work. */
  killed = 0;
  /** How often none was begun because there were too many. */
  throttled = 0;
  #busy = 0;
  #generation = 0;
  readonly #opened: DeployedProcess[] = [];
  readonly #idle = new Map<string, DeployedProcess[]>();
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  open(): DeployedProcess {
    const process = this.#options.open(this.#opened.length);
    this.#opened.push(process);
    return process;
  }

  /** Whether one more would not be begun; counts that it was asked. */
  get isFull(): boolean {
    const isFull = this.#busy >= this.#options.concurrency;
    if (isFull) this.throttled++;
    return isFull;
  }

  /** Runs in a process of the function that has nothing to do, or in a new one. */
  async call<T>(name: string, run: (process: DeployedProcess) => Promise<T>): Promise<T | 'crashed'> {
    const idle = (this.#idle.get(name) ?? []).filter((each) => each.alive());
    this.#idle.set(name, idle);
    const process = idle.pop() ?? this.open();
    const generation = this.#generation;
    if (this.#options.random() < this.#options.kill()) void this.#kill(process);
    this.#busy++;
    const result = await Promise.race([asReader(name, () => run(process)), process.crashed]).finally(
      () => this.#busy--,
    );
    if (!process.alive()) this.killed++;
    else if (generation === this.#generation) this.#idle.get(name)!.push(process);
    return result;
  }

  /** None that is there now is called again. */
  replace(): void {
    this.#idle.clear();
    this.#generation++;
  }

  close(): void {
    for (const process of this.#opened) process.crash();
  }

  async #kill(process: DeployedProcess): Promise<void> {
    const { clock, random, kill } = this.#options;
    await clock.sleep(Math.ceil(random() * longestLifeMs));
    if (kill()) process.crash();
  }
}
