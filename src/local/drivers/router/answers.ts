import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { grouped } from './pairs.ts';

/** Returns whether the client speaks HTTP/2. */
export const isHttp2 = (response: ServerResponse): boolean => response.req?.httpVersionMajor === 2;

/** Returns whether the client called by gRPC. */
export const isGrpc = (response: ServerResponse): boolean =>
  (response.req?.headers['content-type'] ?? '').startsWith('application/grpc');

const asHttp2 = (response: ServerResponse) => response as unknown as Http2ServerResponse;

/** Begins an answer with headers that are pairs in a row; with `isAll` it is over by that. */
export function writeHead(
  response: ServerResponse,
  status: number,
  headers: string[],
  { isAll = false, message = '' } = {},
): void {
  if (!isHttp2(response)) response.writeHead(status, message || undefined, headers);
  else if (isAll)
    asHttp2(response).stream.respond({ ':status': status, ...grouped(headers) }, { endStream: true });
  else asHttp2(response).writeHead(status, grouped(headers));
}

/** Nobody is there to be answered. */
const hasLeft = (response: ServerResponse): boolean =>
  isHttp2(response)
    ? asHttp2(response).stream.destroyed || asHttp2(response).stream.closed
    : response.destroyed;

/** What a client by gRPC takes these statuses for, by the words of Gateway API: unimplemented, unavailable, too late. */
const grpcCodes: ReadonlyMap<number, number> = new Map([
  [404, 12],
  [500, 14],
  [502, 14],
  [503, 14],
  [504, 4],
]);

/** An answer of the router itself. */
export function plain(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || hasLeft(response)) return;
  const code = isGrpc(response) && isHttp2(response) ? grpcCodes.get(status) : undefined;
  if (code !== undefined) {
    const said = [
      'content-type',
      'application/grpc',
      'grpc-status',
      String(code),
      'grpc-message',
      text.trim(),
    ];
    writeHead(response, 200, said, { isAll: true });
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** Says that nothing of a program's answer came, or that no more of it will. */
export function unanswered(response: ServerResponse, why = 'the program behind did not answer'): void {
  if (response.headersSent) response.destroy();
  else plain(response, 502, `${why}\n`);
}
