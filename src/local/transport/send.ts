import { once } from 'node:events';
import type { Http2ServerResponse } from 'node:http2';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ApiResponse } from '../../shared/api/http/message.ts';
import type { ApiRequestOf } from './request.ts';

const compress = promisify(gzip);
const compressFrom = 128 * 1024;
/** Is what is encrypted and handed to the system at a time. */
const pieceBytes = 128 * 1024;

/**
 * Writes an answer, a long one in pieces; a stream is read only as fast as the client takes it, and no further once it
 * is gone. A client that takes nothing for `stallMs` is cut off: it may come back and go on where it was.
 */
export async function send(
  { status, headers, body }: ApiResponse,
  request: ApiRequestOf,
  outgoing: Http2ServerResponse,
  stallMs: number,
): Promise<void> {
  if (body instanceof Uint8Array) {
    const bytes = wantsGzip(request, headers, body) ? await compress(body, { level: 1 }) : body;
    outgoing.writeHead(status, {
      ...headers,
      ...(bytes !== body && { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }),
      'content-length': bytes.length,
    });
    if (bytes.length > pieceBytes) await sendStream(piecesOf(bytes), request, outgoing, stallMs);
    else outgoing.end(bytes);
    return;
  }
  outgoing.writeHead(status, headers);
  // The first bytes of a quiet watch may be long in coming; the client waits for the headers.
  (outgoing as { flushHeaders?(): void }).flushHeaders?.();
  await sendStream(body, request, outgoing, stallMs);
}

async function sendStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal }: ApiRequestOf,
  outgoing: Http2ServerResponse,
  stallMs: number,
): Promise<void> {
  for await (const chunk of chunks) {
    if (isGone(outgoing)) break;
    if (outgoing.write(chunk) || (await drained(outgoing, signal, stallMs))) continue;
    outgoing.destroy();
    return;
  }
  outgoing.end();
}

/** Encrypting megabytes in one go would keep everybody waiting. */
function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** An answer over HTTP/2 does not tell it itself, but its stream does. */
const isGone = ({ destroyed, stream }: Http2ServerResponse): boolean =>
  destroyed || stream?.destroyed === true;

/** False when the client has taken nothing for too long. */
async function drained(
  outgoing: Http2ServerResponse,
  signal: AbortSignal,
  stallMs: number,
): Promise<boolean> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), stallMs);
  await once(outgoing, 'drain', { signal: AbortSignal.any([signal, over.signal]) }).catch(() => {});
  clearTimeout(timer);
  return !over.signal.aborted;
}

/** On the machine itself bytes cost less than compressing them. */
const wantsGzip = (request: ApiRequestOf, headers: ApiResponse['headers'], body: Uint8Array): boolean =>
  body.length > compressFrom &&
  !/^(127\.|::1|::ffff:127\.)/.test(request.peer.address) &&
  !headers['content-encoding'] &&
  /\bgzip\b/.test(request.header('accept-encoding') ?? '');
