import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Headers that API Gateway keeps to itself. */
const dropped = ['upgrade', 'te', 'expect', 'connection', 'transfer-encoding', 'content-length'];

/** The event of a REST API with `{proxy+}` and binary media types of every kind; undefined outside the stage. */
export function gatewayEvent(
  request: IncomingMessage,
  body: Buffer,
  stage: string,
): APIGatewayProxyEvent | undefined {
  const [rawPath = '', rawQuery = ''] = splitOnce(request.url ?? '/', '?');
  const prefix = `/${stage}`;
  if (rawPath !== prefix && !rawPath.startsWith(`${prefix}/`)) return undefined;
  // As it was sent, unlike the query.
  const path = rawPath.slice(prefix.length) || '/';
  const multiValueHeaders = headersOf(request);
  const multiValueQueryStringParameters = queryOf(rawQuery);
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: request.method ?? 'GET',
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: multiValueQueryStringParameters && lastOf(multiValueQueryStringParameters),
    multiValueQueryStringParameters,
    pathParameters: { proxy: decodeURIComponent(path.slice(1)) },
    stageVariables: null,
    body: body.length ? body.toString('base64') : null,
    isBase64Encoded: body.length > 0,
    requestContext: {
      path: prefix + path,
      stage,
      httpMethod: request.method ?? 'GET',
      identity: { sourceIp: '203.0.113.7' },
    } as APIGatewayProxyEvent['requestContext'],
  };
}

/** As the test of what API Gateway refuses before it asks anybody. */
export const isRefusedQuery = (url: string): boolean => /[|{}]/.test(splitOnce(url, '?')[1] ?? '');

function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (!dropped.includes(name.toLowerCase())) add(all, name, rawHeaders[i + 1]!);
  }
  return all;
}

function queryOf(query: string): Record<string, string[]> | null {
  if (!query) return null;
  const all: Record<string, string[]> = {};
  // A semicolon separates as well.
  for (const [name, value] of new URLSearchParams(query.replaceAll(';', '&'))) add(all, name, value);
  return all;
}

function add(all: Record<string, string[]>, name: string, value: string): void {
  all[name] = [...(all[name] ?? []), value];
}

const lastOf = (all: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)!]));

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
