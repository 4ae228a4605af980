import { toStatus } from '../../errors/status.ts';
import { retryAfter } from './answer.ts';
import { encoded, plainEncoding } from './encode.ts';
import type { ApiRequest, ApiResponse } from './message.ts';

/** Any thrown value as the answer to a request: a Status in a format that its client takes. */
export function failureFor(request: ApiRequest, error: unknown): ApiResponse {
  const status = toStatus(error);
  return encoded(status.code, status, 'Status', plainEncoding(request), retryAfter(status));
}
