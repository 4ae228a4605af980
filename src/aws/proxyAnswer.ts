import { Readable } from 'node:stream';
import type { ApiResponse } from '../shared/api/http/message.ts';

/** What the handler gives to middy: metadata of the answer, and its body. Any further key would reach API Gateway. */
export interface ProxyAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable;
}

/** API Gateway fails an answer with more than 20,480 bytes of headers; of all we send only warnings can be long. */
const longestHeader = 8_192;

/** `stop` is called when the body has ended or nobody reads it any more. */
export const proxyAnswer = ({ status, headers, body }: ApiResponse, stop: () => void): ProxyAnswer => ({
  statusCode: status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, oneLine(value)])),
  body: new Body(body instanceof Uint8Array ? only(body) : body, stop),
});

function oneLine(value: string | string[]): string {
  if (typeof value === 'string') return value;
  let line = '';
  for (const each of value) {
    const longer = line ? `${line}, ${each}` : each;
    if (Buffer.byteLength(longer) > longestHeader) break;
    line = longer;
  }
  return line;
}

async function* only(bytes: Uint8Array) {
  yield bytes;
}

/** Not Readable.from: that one waits for the next chunk of a quiet watch before it lets go. */
class Body extends Readable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #stop: () => void;

  constructor(chunks: AsyncIterable<Uint8Array>, stop: () => void) {
    super();
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#stop = stop;
  }

  override _read(): void {
    void this.#pull();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stop();
    void this.#chunks.return?.().catch(() => {});
    done(error);
  }

  async #pull(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#chunks.next();
        if (done) return void this.push(null);
        // An empty chunk would not make the stream ask again.
        if (value.length) return void this.push(value);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
