import { pipeline } from 'node:stream';
import { createDeflateRaw, createGunzip, createGzip, createInflateRaw } from 'node:zlib';
import type { ApiResponse } from '../../http/message.ts';
import { rewriteHtml } from './html.ts';
import { type Page, rewriteLink } from './links.ts';

/** An answer with the links of its HTML rewritten; others, and HTML in an encoding that is not known, as they are. */
export function rewritePage(answer: ApiResponse, method: string, page: Page): ApiResponse {
  const type = String(answer.headers['content-type'] ?? '')
    .split(';')[0]!
    .trim();
  const encoding = answer.headers['content-encoding'];
  const codec = codecs.get(typeof encoding === 'string' ? encoding : '');
  if (type !== 'text/html' || !codec || method === 'HEAD' || answer.body instanceof Uint8Array) return answer;
  const { 'content-length': _, ...headers } = answer.headers;
  return {
    ...answer,
    headers,
    body: codec(answer.body, (plain) => rewriteHtml(plain, (link) => rewriteLink(link, page))),
  };
}

type Bytes = AsyncIterable<Uint8Array>;
type Codec = (body: Bytes, change: (plain: Bytes) => Bytes) => Bytes;

const codecs = new Map<string, Codec>([
  ['', (body, change) => change(body)],
  ['gzip', (body, change) => through(change(through(body, createGunzip())), createGzip())],
  ['deflate', (body, change) => through(change(through(body, createInflateRaw())), createDeflateRaw())],
]);

/** Errors of the source end the iteration with that error. */
const through = (source: Bytes, transform: NodeJS.ReadWriteStream): Bytes =>
  pipeline(source, transform, () => {}) as unknown as Bytes;
