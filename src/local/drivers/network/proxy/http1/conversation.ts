import { type Body, parseRequestHead, parseResponseHead, type RequestHead } from './heads.ts';
import { MessageScanner } from './scanner.ts';

/** Requests up to this size (bytes) are kept until they are answered, in case they have to be sent again. */
export const maxKept = 64 * 1024;

/** RFC 9110, 9.2.2: a proxy may repeat these by itself. */
export const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

interface Exchange {
  head: RequestHead | undefined;
  bytes: Buffer[];
  size: number;
}

/** Follows both directions of a connection as HTTP/1.x, for as long as that is what they are. */
export class Conversation {
  /** False once something else passed; it stays so. */
  understood = true;
  /** The endpoint or the client said that the connection ends after the present exchange. */
  closing = false;
  /** Not one byte passed yet, either way. */
  silent = true;
  #pending: Exchange[] = [];
  #answering = false;
  #interim = false;
  readonly #requests = new MessageScanner((head) => this.#requestBody(head));
  readonly #responses = new MessageScanner((head) => this.#responseBody(head));

  /** Between requests: nothing is under way in either direction. */
  get idle(): boolean {
    return this.#pending.length === 0 && this.#requests.atBoundary;
  }

  /** The one request under way may be sent to another endpoint, since nothing of an answer came. */
  get repeatable(): boolean {
    const [exchange, ...more] = this.#pending;
    if (!exchange?.head || more.length > 0 || this.#answering) return false;
    return idempotent.has(exchange.head.method) && exchange.size <= maxKept;
  }

  /** The bytes to send again. */
  repeat(): Buffer[] {
    return [...this.#pending[0]!.bytes];
  }

  request(chunk: Buffer): void {
    this.silent = false;
    if (!this.understood) return;
    for (let at = 0; at < chunk.length && this.understood; ) {
      if (this.#requests.atBoundary) this.#pending.push({ head: undefined, bytes: [], size: 0 });
      const end = this.#requests.scan(chunk, at);
      if (this.#requests.broken) this.#giveUp();
      else keep(this.#pending.at(-1), chunk.subarray(at, end));
      at = end;
    }
  }

  response(chunk: Buffer): void {
    this.silent = false;
    if (!this.understood) return;
    for (let at = 0; at < chunk.length && this.understood; ) {
      const unasked = this.#pending.length === 0;
      this.#answering = true;
      at = this.#responses.scan(chunk, at);
      if (unasked || this.#responses.broken) this.#giveUp();
      else if (this.#responses.atBoundary && !this.#interim) {
        this.#pending.shift();
        this.#answering = false;
      }
    }
  }

  #requestBody(text: string): Body | undefined {
    const head = parseRequestHead(text);
    if (!head) return undefined;
    this.#pending.at(-1)!.head = head;
    if (!head.persistent) this.closing = true;
    return head.body;
  }

  #responseBody(text: string): Body | undefined {
    const request = this.#pending[0]?.head;
    const head = request && parseResponseHead(text, request.method);
    if (!head || head.tunnel) return undefined;
    this.#interim = head.interim;
    if (!head.persistent) this.closing = true;
    return head.body;
  }

  #giveUp(): void {
    this.understood = false;
    this.#pending = [];
  }
}

function keep(exchange: Exchange | undefined, bytes: Buffer): void {
  if (!exchange) return;
  exchange.size += bytes.length;
  if (exchange.size <= maxKept) exchange.bytes.push(bytes);
  else exchange.bytes = [];
}
