import type { ApiRequest } from './message.ts';

/**
 * The same request but for `parts` of it. Its body comes as a whole unless they say how it comes in pieces, and its signal is
 * made only once somebody asks for it.
 */
export const requestWith = (
  request: ApiRequest,
  parts: Partial<Pick<ApiRequest, 'header' | 'body' | 'chunks'>>,
): ApiRequest => ({
  method: request.method,
  target: request.target,
  peer: request.peer,
  get signal() {
    return request.signal;
  },
  header: (name) => request.header(name),
  headersBeginning: (prefix) => request.headersBeginning(prefix),
  body: (limit) => request.body(limit),
  ...parts,
});
