import { stringify } from 'yaml';
import { type Status, toStatus } from '../../errors/status.ts';
import type { ApiResponse } from './message.ts';
import type { Representation } from './negotiate.ts';

const encoder = new TextEncoder();
export const encode = (text: string): Uint8Array => encoder.encode(text);

const noCache = 'no-cache, private';

/** A value as JSON, or YAML where that was asked. */
export const respond = (status: number, value: unknown, as: Representation = 'json'): ApiResponse =>
  as === 'yaml'
    ? {
        status,
        headers: { 'content-type': 'application/yaml', 'cache-control': noCache },
        body: encode(stringify(value)),
      }
    : respondBytes(status, encode(`${JSON.stringify(value)}\n`));

/** Bytes that are JSON already. */
export const respondBytes = (status: number, body: ApiResponse['body']): ApiResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': noCache },
  body,
});

export const respondText = (status: number, text: string): ApiResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': noCache },
  body: encode(text),
});

/** Any thrown value as the Status it means. */
export function respondError(error: unknown): ApiResponse {
  const status = toStatus(error);
  const answer = respond(status.code, status);
  const retry = status.details?.retryAfterSeconds;
  if (retry !== undefined) answer.headers['retry-after'] = String(retry);
  return answer;
}

export const success = (details: Record<string, string>): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
});

/** What a path answers that nothing serves. */
export const pageNotFound = (): ApiResponse => respondText(404, '404 page not found\n');
