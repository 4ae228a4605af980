import type { ApiRequest } from './message.ts';

/** Describes what of a request may be another. */
export type Parts = Partial<Pick<ApiRequest, 'header' | 'body' | 'chunks'>>;

/**
 * The same request but for `parts` of it. Its body comes as a whole unless they say how it comes in pieces, and its signal is
 * made only once somebody asks for it.
 */
export const requestWith = (request: ApiRequest, parts: Parts): ApiRequest => new RequestWith(request, parts);

/** Is a class, since most writes come as one, and closures for each of its parts would cost more than the parts. */
class RequestWith implements ApiRequest {
  readonly #request: ApiRequest;
  readonly #parts: Parts;
  readonly chunks?: ApiRequest['chunks'];

  constructor(request: ApiRequest, parts: Parts) {
    this.#request = request;
    this.#parts = parts;
    if (parts.chunks) this.chunks = parts.chunks;
  }

  get method() {
    return this.#request.method;
  }
  get target() {
    return this.#request.target;
  }
  get peer() {
    return this.#request.peer;
  }
  get signal() {
    return this.#request.signal;
  }
  header(name: string) {
    return (this.#parts.header ?? this.#request.header).call(this.#request, name);
  }
  headersBeginning(prefix: string) {
    return this.#request.headersBeginning(prefix);
  }
  body(limit: number) {
    return (this.#parts.body ?? this.#request.body).call(this.#request, limit);
  }
}
