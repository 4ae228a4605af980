import { table } from '../../shared/meta/table.ts';

/** Describes what API Gateway answers by itself, as a Status that kubectl can print. */
export interface GatewayResponse {
  /** Absent: it stays what it is. */
  statusCode?: number;
  /** For `application/json`; API Gateway puts its own words in the place of `$context…`, quoted. */
  template: string;
  headers?: Record<string, string>;
}

const theirWords = '$context.error.messageString';

const status = (reason: string, message: string, code?: number): string =>
  [
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure"',
    `"message":${message === theirWords ? message : JSON.stringify(message)}`,
    `"reason":${JSON.stringify(reason)}${code === undefined ? '}' : `,"code":${code}}`}`,
  ].join(',');

const answer = (statusCode: number, reason: string, message: string, headers?: Record<string, string>) => ({
  statusCode,
  template: status(reason, message, statusCode),
  ...(headers && { headers }),
});

const soon = { 'Retry-After': '1' };

/** A function that Lambda does not begin is one of these, or of DEFAULT_5XX. */
const functionless =
  'the function that serves the API failed, or the account runs as many functions at once as it may';

/** By API Gateway's response type; the last two are for every other one. */
export const gatewayResponses: Record<string, GatewayResponse> = table({
  ACCESS_DENIED: answer(403, 'Forbidden', theirWords),
  API_CONFIGURATION_ERROR: answer(
    500,
    'InternalError',
    'the API Gateway in front of the API is not set up rightly',
  ),
  BAD_REQUEST_BODY: answer(400, 'BadRequest', theirWords),
  BAD_REQUEST_PARAMETERS: answer(400, 'BadRequest', theirWords),
  INTEGRATION_FAILURE: answer(503, 'ServiceUnavailable', functionless, soon),
  INTEGRATION_TIMEOUT: answer(504, 'Timeout', 'the function that serves the API did not answer in time'),
  MISSING_AUTHENTICATION_TOKEN: answer(404, 'NotFound', 'the server could not find the requested resource'),
  QUOTA_EXCEEDED: answer(429, 'TooManyRequests', theirWords, soon),
  REQUEST_TOO_LARGE: answer(
    413,
    'RequestEntityTooLarge',
    'Request entity too large: API Gateway and Lambda take requests of about 4.5 MB at most',
  ),
  RESOURCE_NOT_FOUND: answer(404, 'NotFound', 'the server could not find the requested resource'),
  THROTTLED: answer(429, 'TooManyRequests', 'API Gateway takes no more requests at the moment', soon),
  UNSUPPORTED_MEDIA_TYPE: answer(415, 'UnsupportedMediaType', theirWords),
  WAF_FILTERED: answer(403, 'Forbidden', theirWords),
  DEFAULT_4XX: { template: status('BadRequest', theirWords) },
  DEFAULT_5XX: { template: status('InternalError', theirWords), headers: soon },
});
