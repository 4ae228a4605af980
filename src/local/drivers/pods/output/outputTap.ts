import type { StreamName } from './logWriter.ts';

/** Describes what came at once, and how many are still to read it. */
export interface SharedChunk {
  bytes: Uint8Array;
  readers: number;
}

/** One watcher of a run's streams. */
export class OutputTap {
  readonly #used: (bytes: number) => void;
  readonly #left: () => void;
  readonly #queues: Record<StreamName, SharedChunk[]> = { stdout: [], stderr: [] };
  /** Resolves when nothing more will come. */
  readonly ended: Promise<void>;
  #ended = false;
  #hasEnded = () => {};
  #next = Promise.withResolvers<void>();

  /** `used` is told how much everybody has read; `left` when nobody reads here any more. */
  constructor(used: (bytes: number) => void, left: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#hasEnded = resolve;
    this.#used = used;
    this.#left = left;
  }

  put(stream: StreamName, chunk: SharedChunk): void {
    if (this.#ended) return;
    this.#queues[stream].push(chunk);
    this.#wake();
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#hasEnded();
    this.#wake();
  }

  /** Ends it from this side: what waits is dropped. */
  close(): void {
    for (const queue of Object.values(this.#queues)) for (const chunk of queue.splice(0)) this.#read(chunk);
    this.end();
    this.#left();
  }

  /** Returns what comes of a stream, until it ends. */
  async *read(stream: StreamName): AsyncGenerator<Uint8Array> {
    const queue = this.#queues[stream];
    for (;;) {
      for (let chunk = queue.shift(); chunk; chunk = queue.shift()) {
        yield chunk.bytes;
        this.#read(chunk);
      }
      if (this.#ended) return;
      await this.#next.promise;
    }
  }

  /** Drops what comes of a stream that nobody wants. */
  async drop(stream: StreamName): Promise<void> {
    for await (const _ of this.read(stream));
  }

  #read(chunk: SharedChunk): void {
    if (--chunk.readers === 0) this.#used(chunk.bytes.length);
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}
