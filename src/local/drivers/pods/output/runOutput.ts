import type { News, Order, RunFiles } from './messages.ts';
import { OutputTap } from './outputTap.ts';

type WithoutRun<T> = T extends { run: number } ? Omit<T, 'run'> : never;

/** Describes how a run's output speaks to the thread. */
export interface PumpLine {
  order(what: WithoutRun<Exclude<Order, { ticket: number }>>): void;
  ask(op: 'drain' | 'finish'): Promise<void>;
  forget(): void;
}

/** Describes what one run prints, as the API's thread sees it. */
export class RunOutput {
  readonly files: RunFiles;
  readonly #line: PumpLine;
  readonly #waiting = new Set<() => void>();
  readonly #taps = new Set<OutputTap>();
  #ended = false;

  constructor(files: RunFiles, line: PumpLine) {
    this.files = files;
    this.#line = line;
  }

  /** Nothing more will come into the log. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves once everything that was printed before stands in the log. */
  async drained(): Promise<void> {
    if (!this.#ended) await this.#line.ask('drain');
  }

  /** Takes the last of it over and closes the log. */
  async finish(): Promise<void> {
    if (!this.#ended) await this.#line.ask('finish');
    this.#end();
  }

  /** Resolves at the next output, at the end, or when `signal` aborts. */
  more(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended || signal?.aborted) return resolve();
      const done = () => {
        signal?.removeEventListener('abort', done);
        this.#waiting.delete(done);
        if (!this.#waiting.size && !this.#ended) this.#line.order({ op: 'tell', on: false });
        resolve();
      };
      if (!this.#waiting.size) this.#line.order({ op: 'tell', on: true });
      this.#waiting.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  /** Everything that is printed from now on, as it comes. A slow reader holds the program back. */
  tap(): OutputTap {
    const tap = new OutputTap(
      (bytes) => this.#line.order({ op: 'credit', bytes }),
      () => {
        this.#taps.delete(tap);
        if (!this.#taps.size && !this.#ended) this.#line.order({ op: 'tap', on: false });
      },
    );
    if (this.#ended) tap.end();
    else if (!this.#taps.size) this.#line.order({ op: 'tap', on: true });
    this.#taps.add(tap);
    return tap;
  }

  /** Lets go; the run prints on. */
  close(): void {
    if (this.#ended) return;
    this.#line.order({ op: 'close' });
    this.#end();
  }

  hear(news: Exclude<News, { kind: 'done' }>): void {
    if (news.kind === 'grew') for (const done of [...this.#waiting]) done();
    else {
      const chunk = { bytes: news.bytes, readers: this.#taps.size };
      for (const tap of this.#taps) tap.put(news.stream, chunk);
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#line.forget();
    for (const tap of this.#taps) tap.end();
    for (const done of [...this.#waiting]) done();
  }
}
