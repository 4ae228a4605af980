import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ApiRequest } from '../../shared/api/http/message.ts';
import { ApiError } from '../../shared/errors/apiError.ts';

/** Who has the same already gets it again: streamed answers of no byte at all are told of that did not end. */
const unheard = ['if-none-match'];

/** API Gateway's event as the core sees a request. `signal` aborts when nobody waits for the answer any more. */
export function proxyRequest(event: APIGatewayProxyEvent, signal: AbortSignal): ApiRequest {
  const headers = headersOf(event);
  return {
    method: event.httpMethod,
    target: targetOf(event),
    header: (name) => (unheard.includes(name) ? undefined : headers.get(name)),
    headersBeginning: (prefix) => linesOf(event).filter(([name]) => name.startsWith(prefix)),
    body: async (limit) => {
      const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      if (bytes.length <= limit) return bytes;
      throw new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    },
    peer: { address: event.requestContext?.identity?.sourceIp ?? '' },
    signal,
  };
}

/**
 * Path and query as a client sends them. API Gateway has taken the stage off the path and decoded the query. Emulators
 * decode the path too: a slash within a segment cannot be told then, but no name in Kubernetes has one.
 */
export function targetOf({ path, multiValueQueryStringParameters }: APIGatewayProxyEvent): string {
  const pairs = Object.entries(multiValueQueryStringParameters ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value) => `${encodeURIComponent(name)}=${encodeValue(name, value)}`),
  );
  return `${path.split('/').map(encodeSegment).join('/')}${pairs.length ? `?${pairs.join('&')}` : ''}`;
}

/** What is encoded stays: a name has no percent sign. */
const encodeSegment = (segment: string) =>
  /%[0-9a-f]{2}/i.test(segment) ? segment : encodeURIComponent(segment);

/** In a selector a plus can only be a space that was left as it was sent. */
const encodeValue = (name: string, value: string) =>
  encodeURIComponent(name === 'labelSelector' ? value.replaceAll('+', ' ') : value);

function headersOf(event: APIGatewayProxyEvent): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of linesOf(event)) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return all;
}

/** `headers` has only the last value of each, and some emulators send nothing else. */
function linesOf({ multiValueHeaders, headers }: APIGatewayProxyEvent): [string, string][] {
  const several = Object.entries(multiValueHeaders ?? {}).filter(([, values]) => values?.length);
  const names = new Set(several.map(([name]) => name.toLowerCase()));
  const single = Object.entries(headers ?? {}).filter(
    ([name, value]) => value && !names.has(name.toLowerCase()),
  );
  return [
    ...single.map(([name, value]): [string, string] => [name.toLowerCase(), value ?? '']),
    ...several.flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name.toLowerCase(), value]),
    ),
  ];
}
