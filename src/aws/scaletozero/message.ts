import type { ALBEvent, ALBResult } from 'aws-lambda';
import { hopByHop } from '../../shared/meta/hopByHop.ts';

/** A request as a load balancer passed it on. */
export interface HeldRequest {
  method: string;
  /** With its query, as it came. */
  path: string;
  headers: Record<string, string[]>;
  body: Buffer;
}

/** What a program answered. */
export interface HeldAnswer {
  status: number;
  statusText: string;
  headers: Record<string, string[]>;
  body: Buffer;
  /** It is longer, or took longer, than can be passed on: the body is not all of it. */
  isCut?: boolean;
}

/** So much of an answer goes through: the limit of 1 MB is for the JSON around its base64. */
export const longestAnswer = 700_000;

/** Returns the request that the event tells of. The load balancer leaves queries encoded. */
export function requestOf(event: ALBEvent): HeldRequest {
  const query = Object.entries(event.multiValueQueryStringParameters ?? {})
    .flatMap(([name, values]) => (values ?? []).map((value) => `${name}=${value}`))
    .join('&');
  return {
    method: event.httpMethod,
    path: query ? `${event.path}?${query}` : event.path,
    headers: passedOn(event.multiValueHeaders ?? {}),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Returns what the load balancer is to answer. */
export const resultOf = ({ status, statusText, headers, body }: HeldAnswer): ALBResult => ({
  statusCode: status,
  statusDescription: `${status} ${statusText}`,
  multiValueHeaders: passedOn(headers),
  body: body.toString('base64'),
  isBase64Encoded: true,
});

/** An answer of the activator itself. */
export const plainAnswer = (
  status: number,
  statusText: string,
  text: string,
  headers: Record<string, string[]> = {},
): HeldAnswer => ({
  status,
  statusText,
  headers: { 'content-type': ['text/plain; charset=utf-8'], ...headers },
  body: Buffer.from(`${text}\n`),
});

/** What is about one connection ends here; lengths are counted anew. */
function passedOn(headers: Record<string, string[] | undefined>): Record<string, string[]> {
  const own = new Set([...hopByHop, 'content-length']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, values]) =>
      values && !own.has(name.toLowerCase()) ? [[name, values] as const] : [],
    ),
  );
}
