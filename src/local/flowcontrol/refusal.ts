import { ApiError } from '../../shared/errors/apiError.ts';

/** 429, in the words of a real server. */
export const tooManyRequests = (retryAfterSeconds: number): ApiError =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds },
  });
