import { ApiError, type Details } from '../../shared/errors/apiError.ts';
import type { Reason } from '../../shared/errors/reason.ts';

/** Describes what is known of an SDK exception without its class. */
export interface AwsFailure {
  name?: string;
  message?: string;
  /** `client`: the request was wrong; `server`: it may pass later. */
  $fault?: string;
  /** Node's code of a connection that failed. */
  code?: string;
  /** Also beside an answer that could not be read, as of a proxy before the service. */
  $metadata?: { httpStatusCode?: number };
}

const passing =
  /^(\w*Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestTimeout\w*|PriorRequestNotComplete|SlowDown|ServiceUnavailable\w*|InternalServer\w*|InternalFailure|InternalServiceError|ServerException|KMSInternalException|DependencyTimeoutException|KeyUnavailableException|TimeoutError|NetworkingError|AvailabilityZoneNotSupported)$/;
const connection = /^E(CONN|PIPE|TIMEDOUT|AI_AGAIN|HOSTUNREACH|NETUNREACH|NOTFOUND)/;

/** AWS error codes as Kubernetes reasons, for all services; the first pattern that matches. */
const reasons: [RegExp, Reason][] = [
  [/^(AccessDenied\w*|UnauthorizedOperation|OperationNotPermitted)$/, 'Forbidden'],
  [/(Limits?Exceeded\w*|^TooMany\w+|QuotaExceeded\w*)$/, 'TooManyRequests'],
  [/(NotFound\w*|^NoSuch\w+|DoesNotExist)$/, 'NotFound'],
  [/(^Duplicate\w+|\.Duplicate|ResourceExistsException|AlreadyExists\w*)$/, 'AlreadyExists'],
  [
    /^(ConflictException|ResourceInUse\w*|ConcurrentModification\w*|OperationAborted|DependencyViolation)$/,
    'Conflict',
  ],
  [/^(Invalid\w*|Validation\w*|\w*NotSupported|MalformedPolicy\w*|ClientException)$/, 'BadRequest'],
];

const codeOf = (error: unknown): string => (error as AwsFailure)?.name ?? '';

/** Returns whether the error has one of these codes. */
export const isCode = (error: unknown, ...codes: string[]): boolean => codes.includes(codeOf(error));

/** Returns whether the same request may well succeed in a moment; its outcome may be unknown. */
export function mayPass(error: unknown): boolean {
  const { name = '', code = '', $fault, $metadata: { httpStatusCode = 0 } = {} } = error as AwsFailure;
  return passing.test(name) || $fault === 'server' || httpStatusCode >= 500 || connection.test(code);
}

export function reasonOf(error: unknown): Reason {
  if (mayPass(error)) return 'ServiceUnavailable';
  return reasons.find(([pattern]) => pattern.test(codeOf(error)))?.[1] ?? 'InternalError';
}

/** The failure of `action` (`CreateLoadBalancer`) in the API's own words; the cause is kept for the log. */
export function awsError(action: string, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const details: Details | undefined = mayPass(error) ? { retryAfterSeconds: 1 } : undefined;
  const { name, message } = error as AwsFailure;
  return new ApiError(reasonOf(error), `${action}: ${[name, message].filter(Boolean).join(': ')}`, {
    cause: error,
    ...(details && { details }),
  });
}
