import { ApiError } from '../../../shared/errors/apiError.ts';
import { toStatus } from '../../../shared/errors/status.ts';
import { ServerError, type Status } from '../../kube/failure.ts';
import { Failure } from '../../verb.ts';

/** The reason why there is no answer, as the page gets it: a Status, whoever said no. */
export function statusOf(error: unknown): Status & { code: number } {
  if (error instanceof ServerError) return { ...error.status, code: error.status.code ?? 500 };
  if (error instanceof ApiError) return toStatus(error);
  // What a Failure says is meant for people; of others nothing is known, and a plugin may tell more than it should.
  const message = error instanceof Failure ? error.message : 'the API server cannot be reached';
  return toStatus(new ApiError('ServiceUnavailable', message));
}
