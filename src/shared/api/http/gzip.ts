import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import type { Soon } from '../../meta/soon.ts';
import type { ApiRequest, ApiResponse } from './message.ts';

/** As a real server: less is not worth the work. */
const leastBytes = 128 * 1024;
/** The fastest: lists shrink to a tenth all the same. */
const level = 1;
const zip = promisify(gzip);

/**
 * A large answer in gzip, for clients that take it. A stream is large when its answer comes in several pieces; one that
 * goes on by itself (a watch, a log) must not come here, as its pieces would wait for each other; events are left as they are.
 */
export function compressed(request: ApiRequest, answer: ApiResponse): Soon<ApiResponse> {
  const { status, headers, body } = answer;
  // What another server answered goes on as it is.
  if ('content-length' in headers || 'content-encoding' in headers) return answer;
  if (headers['content-type'] === 'text/event-stream') return answer;
  const isWhole = body instanceof Uint8Array;
  if (status !== 200 || (isWhole && body.length < leastBytes) || !takesGzip(request)) return answer;
  const vary = headers.vary ? `${headers.vary}, Accept-Encoding` : 'Accept-Encoding';
  const zippedAs = (body: ApiResponse['body']): ApiResponse => ({
    status,
    headers: { ...headers, 'content-encoding': 'gzip', vary },
    body,
  });
  return isWhole ? zip(body, { level }).then(zippedAs) : zippedAs(zipped(body));
}

const takesGzip = (request: ApiRequest) =>
  (request.header('accept-encoding') ?? '').split(',').some((clause) => {
    const [coding = '', weight] = clause.split(';').map((part) => part.trim());
    return coding.toLowerCase() === 'gzip' && !/^q=0(\.0*)?$/.test(weight ?? '');
  });

/** Errors of the source end the stream; the source is left when nobody reads any more. */
const zipped = (body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  pipeline(Readable.from(body), createGzip({ level }), () => {});
