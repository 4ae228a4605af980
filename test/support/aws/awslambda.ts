import { Writable } from 'node:stream';

/** The stream that a Lambda's answer goes into, as its runtime makes it. */
export class LambdaStream extends Writable {
  /** Goes out with the first write, be it empty, and not before. */
  metadata: Uint8Array | undefined;
  readonly #take: (bytes: Uint8Array) => boolean;
  #drain: (() => void) | undefined;

  /** `take` answers false when it wants no more until `drained`. */
  constructor(take: (bytes: Uint8Array) => boolean, finished: () => void) {
    super();
    this.#take = take;
    this.once('finish', finished);
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    const metadata = this.metadata;
    this.metadata = undefined;
    if (metadata) this.#take(metadata);
    if (this.#take(chunk)) done();
    else this.#drain = done;
  }

  drained(): void {
    const drain = this.#drain;
    this.#drain = undefined;
    drain?.();
  }

  setContentType(): void {}
}

export type StreamHandler = (event: unknown, stream: LambdaStream, context: unknown) => Promise<void>;

/** Eight NULs end the metadata. */
export const delimiter = new Uint8Array(8);

/** Puts in place what a handler finds in Lambda's Node runtimes. Answers the marked handlers as they are. */
export function installAwsLambda(): void {
  const HttpResponseStream = {
    from(stream: LambdaStream, metadata: unknown): LambdaStream {
      stream.metadata = Buffer.concat([Buffer.from(JSON.stringify(metadata)), delimiter]);
      return stream;
    },
  };
  Object.assign(globalThis, {
    awslambda: { streamifyResponse: (handler: StreamHandler) => handler, HttpResponseStream },
  });
}
