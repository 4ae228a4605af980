import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/**
 * Goes with every answer. The page runs scripts and styles of its own files and nothing written into it, speaks to nobody
 * else, and stands in no frame; nothing is kept on disk.
 */
const always: OutgoingHttpHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};

/** Begins an answer; its caller writes the rest. */
export function begin(
  response: ServerResponse,
  type: string,
  code = 200,
  more: OutgoingHttpHeaders = {},
): void {
  response.writeHead(code, { ...always, 'content-type': type, ...more });
}

/** A whole answer. */
export function answer(
  response: ServerResponse,
  type: string,
  body: string | Uint8Array,
  code = 200,
  more: OutgoingHttpHeaders = {},
): void {
  begin(response, type, code, { 'content-length': Buffer.byteLength(body), ...more });
  response.end(body);
}

export const json = 'application/json';

export const answerJson = (response: ServerResponse, value: unknown, code = 200): void =>
  answer(response, json, JSON.stringify(value), code);
