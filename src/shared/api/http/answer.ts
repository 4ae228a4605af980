import { type Status, toStatus } from '../../errors/status.ts';
import type { ApiResponse } from './message.ts';

type Headers = ApiResponse['headers'];

const uncached = { 'cache-control': 'no-cache, private' };

/** An answer with a JSON value, ending in a newline as a real server's do. */
export const json = (status: number, value: unknown, headers?: Headers): ApiResponse =>
  jsonBytes(status, Buffer.from(`${JSON.stringify(value)}\n`), headers);

/** An answer with bytes that are JSON already. */
export const jsonBytes = (status: number, body: ApiResponse['body'], headers?: Headers): ApiResponse => ({
  status,
  headers: { ...uncached, 'content-type': 'application/json', ...headers },
  body,
});

/** Answers with a text in UTF-8 that must not be cached. */
export const text = (status: number, body: string, headers?: Headers): ApiResponse => ({
  status,
  headers: { ...uncached, 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: Buffer.from(body),
});

/** Returns what a path outside the API answers. */
export const pageNotFound = (): ApiResponse =>
  text(404, '404 page not found\n', { 'x-content-type-options': 'nosniff' });

/** Any thrown value as a Status in JSON: for those that know of no request. */
export function failure(error: unknown): ApiResponse {
  const status = toStatus(error);
  return json(status.code, status, retryAfter(status));
}

/** Returns when to come again, as a header. */
export const retryAfter = ({ details }: Status): Headers | undefined =>
  details?.retryAfterSeconds === undefined ? undefined : { 'retry-after': String(details.retryAfterSeconds) };

/** `Warning: 299 - "text"`, one per warning, as many as a real server shows; undefined when there are none. */
export const warningHeaders = (warnings: string[]): Headers | undefined =>
  warnings.length
    ? { warning: thatFit(warnings).map((w) => `299 - "${inHeader(w).replace(/["\\]/g, '\\$&')}"`) }
    : undefined;

/** Is how many characters all warnings may have; where they have more, each is cut to so many. */
const [mostShown, mostOfOne] = [4096, 256];

/** Clients refuse answers whose headers are too long. */
function thatFit(warnings: string[]): string[] {
  const runes = warnings.map((text) => [...text]);
  if (runes.reduce((sum, { length }) => sum + length, 0) <= mostShown) return warnings;
  let shown = 0;
  return runes.flatMap((text) => {
    if (shown >= mostShown) return [];
    const cut = text.slice(0, mostOfOne);
    shown += cut.length;
    return [cut.join('')];
  });
}

/** Bytes of UTF-8, a character each, as headers are written; they take no control characters. */
const inHeader = (text: string) => Buffer.from(text.replace(/\p{Cc}/gu, '?')).toString('latin1');
