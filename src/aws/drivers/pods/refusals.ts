import { ApiError } from '../../../shared/errors/apiError.ts';
import { mayPass } from '../errors.ts';

/** ECS would not start a task, for now. */
export interface Refusal {
  /** The reason that the Pod's condition shows. */
  reason: string;
  message: string;
  retryMs: number;
}

const kinds: [pattern: RegExp, reason: string, retryMs: number][] = [
  [/limit on the number of (vCPUs?|tasks)|CPU configuration is above your limit/i, 'QuotaExceeded', 30_000],
  [/capacity is unavailable|RESOURCE:|no capacity/i, 'CapacityUnavailable', 30_000],
  // The last is EC2's answer to ECS, which looks at security groups and subnets.
  [/Rate exceeded|throttl|Request limit exceeded/i, 'Throttled', 5_000],
  [/not authorized|AccessDenied/i, 'NotAuthorized', 60_000],
  // Registered a moment ago: not everywhere in ECS yet.
  [/task ?definition.*not found/i, 'TaskRefused', 5_000],
];

/** Throws what is no answer of ECS. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) throw error;
  const { message } = error;
  const known = kinds.find(([pattern]) => pattern.test(message));
  if (known) return { reason: known[1], message, retryMs: known[2] };
  if (error.cause !== undefined && mayPass(error.cause))
    return { reason: 'Throttled', message, retryMs: 5_000 };
  return { reason: 'TaskRefused', message, retryMs: 30_000 };
}

/** The first of RunTask's `failures`, which come with a successful answer. */
export function refusalIn(failures: { reason?: string; detail?: string }[] | undefined): Refusal {
  const { reason = 'no task was started', detail } = failures?.[0] ?? {};
  return refusalOf(
    new ApiError('ServiceUnavailable', `RunTask: ${[reason, detail].filter(Boolean).join(': ')}`),
  );
}
