import type { Body } from './heads.ts';

const maxHead = 64 * 1024;
const maxLine = 4 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/**
 * Finds where HTTP/1.x messages end in a stream of bytes, without keeping or changing any. `bodyOf` reads a head and
 * says what follows it; undefined from it, or anything that is not HTTP, breaks the scanner for good.
 */
export class MessageScanner {
  /** True between messages, and at the start. */
  atBoundary = true;
  /** The bytes make no sense as HTTP: nothing is known of what follows. */
  broken = false;
  #state: 'head' | 'length' | 'chunkSize' | 'chunk' | 'trailers' | 'untilClose' = 'head';
  /** Text of the head or the line that is incomplete so far. */
  #text = '';
  #remaining = 0;
  readonly #bodyOf: (head: string) => Body | undefined;

  constructor(bodyOf: (head: string) => Body | undefined) {
    this.#bodyOf = bodyOf;
  }

  /** Takes bytes from `at` up to the end of the present message, at most the chunk; answers where it stopped. */
  scan(chunk: Buffer, at: number): number {
    if (this.atBoundary && !isUpperCase(chunk[at]!)) this.broken = true;
    this.atBoundary = false;
    let offset = at;
    while (!this.broken && !this.atBoundary && offset < chunk.length) offset = this.#step(chunk, offset);
    return this.broken ? chunk.length : offset;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(chunk, at);
      case 'length':
      case 'chunk':
        return this.#skip(chunk, at);
      case 'chunkSize':
        return this.#line(chunk, at, (line) => this.#chunkSize(line));
      case 'trailers':
        return this.#line(chunk, at, (line) => {
          if (line === '') this.#complete();
        });
      case 'untilClose':
        return chunk.length;
    }
  }

  #head(chunk: Buffer, at: number): number {
    const before = this.#text.length;
    const end = endOfHead(chunk, at, this.#text.slice(-3));
    this.#text += chunk.toString('latin1', at, end ?? chunk.length);
    if (end === undefined) {
      if (this.#text.length > maxHead) this.broken = true;
      return chunk.length;
    }
    const body = this.#bodyOf(this.#text.slice(0, before + end - at - 4));
    this.#text = '';
    if (body === undefined) this.broken = true;
    else this.#begin(body);
    return end;
  }

  #begin(body: Body): void {
    if (body === 0) this.#complete();
    else if (body === 'chunked') this.#state = 'chunkSize';
    else if (body === 'untilClose') this.#state = 'untilClose';
    else {
      this.#state = 'length';
      this.#remaining = body;
    }
  }

  #skip(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#remaining, chunk.length - at);
    this.#remaining -= taken;
    if (this.#remaining === 0) {
      if (this.#state === 'chunk') this.#state = 'chunkSize';
      else this.#complete();
    }
    return at + taken;
  }

  #line(chunk: Buffer, at: number, take: (line: string) => void): number {
    const end = chunk.indexOf(LF, at);
    this.#text += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
    if (this.#text.length > maxLine) this.broken = true;
    if (end < 0) return chunk.length;
    const line = this.#text.endsWith('\r') ? this.#text.slice(0, -1) : this.#text;
    this.#text = '';
    take(line);
    return end + 1;
  }

  #chunkSize(line: string): void {
    const [, digits] = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line) ?? [];
    if (!digits) {
      this.broken = true;
      return;
    }
    const size = Number.parseInt(digits, 16);
    this.#state = size === 0 ? 'trailers' : 'chunk';
    // The line end after the data is skipped with it.
    this.#remaining = size + 2;
  }

  #complete(): void {
    this.#state = 'head';
    this.#text = '';
    this.atBoundary = true;
  }
}

const isUpperCase = (byte: number) => byte >= 0x41 && byte <= 0x5a;

/** The offset after CR LF CR LF; `tail` holds the last characters before this chunk. */
function endOfHead(chunk: Buffer, at: number, tail: string): number | undefined {
  if (tail.includes('\r')) {
    // The mark may have begun in the chunk before.
    const joined = tail + chunk.toString('latin1', at, at + 3);
    const mark = joined.indexOf('\r\n\r\n');
    if (mark >= 0) return at + mark + 4 - tail.length;
  }
  for (let from = at; ; from++) {
    from = chunk.indexOf(CR, from);
    if (from < 0) return undefined;
    if (chunk[from + 1] === LF && chunk[from + 2] === CR && chunk[from + 3] === LF) return from + 4;
  }
}
