import { ApiError } from '../../shared/errors/apiError.ts';
import { toStatus } from '../../shared/errors/status.ts';

/** Returns why a request was not forwarded, as a Status. */
export function failureOf(error: unknown): { code: number; text: string } {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError('ServiceUnavailable', `the API cannot be reached: ${(error as Error).message}`);
  const status = toStatus(known);
  return { code: status.code, text: `${JSON.stringify(status)}\n` };
}
