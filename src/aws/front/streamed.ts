import { once } from 'node:events';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { delivering } from '../drivers/delivery.ts';
import type { ProxyAnswer } from './proxyAnswer.ts';

/** Describes what is used of the stream that the runtime hands out: it has the methods of a Writable, and is none. */
export interface ResponseStream extends NodeJS.EventEmitter {
  write(chunk: Uint8Array | string): boolean;
  end(done: () => void): unknown;
  readonly destroyed: boolean;
}

/** API Gateway has cut what was quiet for so long, and nobody tells the function. */
const longestQuietMs = 300_000;

type Answer = (event: APIGatewayProxyEvent, context: Context) => Promise<ProxyAnswer>;

/**
 * A handler whose answers go out as they come. Lambda's runtime finds `awslambda` in place. `settle` writes what is still to be
 * written: an answer ends after it, since Lambda may freeze the process then.
 */
export const streamed = (answer: Answer, settle = nothing) =>
  awslambda.streamifyResponse((event, stream, context) =>
    delivering(async () => {
      try {
        const { statusCode, headers, body, stop } = await answer(event, context);
        const to = awslambda.HttpResponseStream.from(stream, { statusCode, headers });
        await send(body, to, stop, { settle });
      } finally {
        // Also of what failed half-way, and of what nobody read to its end.
        await settle();
      }
    }),
  );

const nothing = async () => {};

interface Sending {
  settle?(): Promise<void>;
  quietMs?: number;
}

/**
 * What fails half-way is thrown and the stream left open: the runtime then says so, and the gateway breaks the answer off.
 * A pipeline would destroy the stream, of which the runtime dies.
 */
export async function send(
  body: ProxyAnswer['body'],
  stream: ResponseStream,
  stop: () => void,
  { settle = nothing, quietMs = longestQuietMs }: Sending = {},
): Promise<void> {
  stream.once('close', stop);
  let quiet = setTimeout(stop, quietMs);
  try {
    // Metadata leaves with the first write: a quiet watch has its headers at once.
    stream.write('');
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      if (stream.destroyed) return;
      clearTimeout(quiet);
      quiet = setTimeout(stop, quietMs);
      if (chunk.length && !stream.write(chunk)) await room(stream);
    }
    await settle();
    if (!stream.destroyed) await new Promise<void>((resolve) => stream.end(resolve));
  } finally {
    clearTimeout(quiet);
    stop();
  }
}

/** Until there is room for more, or nobody to read it. */
async function room(stream: ResponseStream): Promise<void> {
  const over = new AbortController();
  const first = ['drain', 'close'].map((event) => once(stream, event, { signal: over.signal }));
  await Promise.race(first).finally(() => over.abort());
}
