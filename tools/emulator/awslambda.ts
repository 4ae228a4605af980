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
    this.on('error', () => {});
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
}

const methods = ['write', 'end', 'on', 'once', 'removeListener', 'emit'] as const;
const properties = ['writable', 'writableEnded', 'writableFinished', 'writableNeedDrain'] as const;

/** What a handler sees of it: methods and properties of a request to Lambda, no Writable. */
export type HandlersStream = Pick<
  LambdaStream,
  (typeof methods)[number] | (typeof properties)[number] | 'destroyed' | 'destroy' | 'metadata'
>;
export type StreamHandler = (event: unknown, stream: HandlersStream, context: unknown) => Promise<void>;

/**
 * Runs a handler as the runtime of Node 24 does (aws-lambda-ric 4). Answers whether it failed, which breaks its answer
 * off. Throws where the runtime would end: when its handler destroys the stream; and when it does not end it.
 */
export async function runStreaming(
  handler: StreamHandler,
  event: unknown,
  stream: LambdaStream,
  context: unknown,
): Promise<'done' | 'failed'> {
  let destroyed = false;
  const seen = Object.defineProperties({} as HandlersStream, {
    ...Object.fromEntries(methods.map((name) => [name, { value: stream[name].bind(stream) }])),
    ...Object.fromEntries(properties.map((name) => [name, { get: () => stream[name] }])),
    destroyed: { get: () => stream.destroyed },
    destroy: {
      value: () => {
        destroyed = true;
      },
    },
    metadata: {
      set: (bytes: Uint8Array) => {
        stream.metadata = bytes;
      },
    },
  });
  const ended = await handler(event, seen, context).then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  if (destroyed) throw new Error('the function destroyed its stream, of which the runtime dies');
  if (ended === 'done' && !stream.destroyed && !stream.writableFinished)
    throw new Error('the function did not end its stream');
  return ended;
}

/** Eight NULs end the metadata. */
export const delimiter = new Uint8Array(8);

/** Puts in place what a handler finds in Lambda's Node runtimes. Answers the marked handlers as they are. */
export function installAwsLambda(): void {
  const HttpResponseStream = {
    from(stream: HandlersStream, metadata: unknown): HandlersStream {
      stream.metadata = Buffer.concat([Buffer.from(JSON.stringify(metadata)), delimiter]);
      return stream;
    },
  };
  Object.assign(globalThis, {
    awslambda: { streamifyResponse: (handler: StreamHandler) => handler, HttpResponseStream },
  });
}
