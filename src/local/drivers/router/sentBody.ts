import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { maxKept } from '../network/proxy/http1/conversation.ts';

/** The body of a request: sent on as it comes, and kept while it is short, so that it can be sent again. */
export class SentBody {
  readonly #request: IncomingMessage;
  #kept: Buffer[] | undefined;
  #size = 0;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  /** Says whether all that was sent can be sent again. */
  get isKept(): boolean {
    return this.#size <= maxKept;
  }

  /** Sends it from its beginning; a place that had it before gets no more of it. */
  sendTo(outgoing: Writable): void {
    const request = this.#request;
    if (this.#kept) for (const chunk of this.#kept) outgoing.write(chunk);
    else {
      this.#kept = [];
      request.on('data', (chunk: Buffer) => this.#keep(this.#kept!, chunk));
    }
    request.unpipe();
    if (request.readableEnded) outgoing.end();
    else request.pipe(outgoing);
  }

  #keep(kept: Buffer[], chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.isKept) kept.push(chunk);
    else kept.length = 0;
  }
}
