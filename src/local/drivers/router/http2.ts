import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ClientHttp2Stream,
  connect,
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { hopByHop } from '../../../shared/meta/hopByHop.ts';
import { isGrpc, isHttp2, unanswered, writeHead } from './answers.ts';
import { towardsProgram } from './headers.ts';
import type { Towards } from './outgoing.ts';
import { grouped } from './pairs.ts';

/** A request of a client who speaks HTTP/2, as one of HTTP/1.1 would come. */
export function asHttp1(request: Http2ServerRequest): IncomingMessage {
  const { authority, headers, rawHeaders } = request;
  if (authority) headers.host = authority;
  // A host beside the authority, by which rules are chosen, would be another one for the program.
  const isReplaced = (name: string) => name.startsWith(':') || (authority && name.toLowerCase() === 'host');
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) if (isReplaced(rawHeaders[i]!)) rawHeaders.splice(i, 2);
  if (authority) rawHeaders.unshift('host', authority);
  return request as unknown as IncomingMessage;
}

/** Sends a request in HTTP/2 over a connection of its own. */
export function askedOverHttp2(
  request: IncomingMessage,
  connection: Socket,
  target: Towards,
): ClientHttp2Stream {
  const session = connect(target.tls ? 'https://program' : 'http://program', {
    createConnection: () => connection,
    settings: { enablePush: false },
  });
  try {
    const stream = session.request(headersFor(request, target), { endStream: false });
    session.on('error', (error) => stream.destroy(error));
    stream.once('close', () => session.close());
    return stream;
  } catch (error) {
    // What cannot be said in HTTP is not sent.
    session.destroy();
    throw error;
  }
}

function headersFor(
  request: IncomingMessage,
  { path, isSecure, towards, tls }: Towards,
): OutgoingHttpHeaders {
  const said = grouped(towards(towardsProgram(request, isSecure, false)));
  const { host, ...rest } = said;
  for (const name of hopByHop) delete rest[name];
  return {
    ':method': request.method,
    ':path': path,
    ':scheme': tls ? 'https' : 'http',
    ':authority': String(host ?? ''),
    ...rest,
    // A program that has trailers, as those of gRPC, asks whether they are read.
    ...(/\btrailers\b/i.test(String(request.headers.te ?? '')) && { te: 'trailers' }),
  };
}

/** Says what became of a request: an answer began, nothing of one came, or the program says that it did not look at it. */
export type Outcome = 'over' | 'lost' | 'refused';

/** Gives a program's answer in HTTP/2 to the client, with its trailers. */
export function passOnHttp2(
  stream: ClientHttp2Stream,
  response: ServerResponse,
  back: (headers: string[]) => string[],
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let hasBegun = false;
  const ended = () => resolve(stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ? 'refused' : 'lost');
  stream.on('error', () => (hasBegun ? response.destroy() : ended()));
  stream.once('response', (headers, flags) => {
    resolve('over');
    if (response.headersSent) return void stream.close(constants.NGHTTP2_CANCEL);
    try {
      const said = back(pairsOf(headers));
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      // An answer of gRPC that is only its trailers has to stay one.
      writeHead(response, headers[':status'] ?? 502, said, { isAll: isAll && isGrpc(response) });
      hasBegun = true;
      stream.pipe(response);
    } catch {
      stream.close(constants.NGHTTP2_CANCEL);
      unanswered(response);
    }
  });
  stream.once('trailers', (trailers) => {
    if (!response.writableEnded) response.addTrailers(trailers as Record<string, string>);
  });
  stream.once('close', () => {
    const { rstCode } = stream;
    if (!hasBegun) return ended();
    if (!rstCode || response.writableEnded) return;
    if (isHttp2(response)) asHttp2(response).stream.close(rstCode);
    else response.destroy();
  });
  response.once('close', () => stream.close(constants.NGHTTP2_CANCEL));
  return promise;
}

const asHttp2 = (response: ServerResponse) => response as unknown as Http2ServerResponse;

function pairsOf(headers: object): string[] {
  const dropped: ReadonlySet<string> = new Set(hopByHop);
  return Object.entries(headers as Record<string, string | string[]>).flatMap(([name, value]) =>
    name.startsWith(':') || dropped.has(name) ? [] : [value].flat().flatMap((each) => [name, String(each)]),
  );
}
