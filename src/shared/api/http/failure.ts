import { ApiError } from '../../errors/apiError.ts';
import { toStatus } from '../../errors/status.ts';
import { retryAfter, warningHeaders } from './answer.ts';
import { encoded, plainEncoding } from './encode.ts';
import type { ApiRequest, ApiResponse } from './message.ts';

/** Any thrown value as the answer to a request: a Status in a format that its client takes. */
export function failureFor(request: ApiRequest, error: unknown): ApiResponse {
  const status = toStatus(error);
  const headers = {
    ...retryAfter(status),
    ...warningHeaders(error instanceof ApiError ? [...error.warnings] : []),
  };
  return encoded(status.code, status, 'Status', plainEncoding(request), headers);
}
