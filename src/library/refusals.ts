import { ServerError } from '../cli/kube/failure.ts';
import { ApiError } from './apiError.ts';

/** Does something, and rethrows what a server has refused as an ApiError, and what was ended as the reason for that. */
export async function asApiErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asApiError(error);
  }
}

/** The error as users of the library see it. */
export function asApiError(error: unknown): unknown {
  if (error instanceof ServerError) return new ApiError(error.status);
  const { name, cause } = error as Error;
  return name === 'AbortError' && cause instanceof Error ? cause : error;
}
