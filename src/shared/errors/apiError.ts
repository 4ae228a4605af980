import type { Reason } from './reason.ts';

/** One finding of validation, as it stands in `status.details.causes`. */
export interface Cause {
  /** For example FieldValueInvalid, FieldValueRequired. Absent for what no field is to blame for. */
  reason?: string;
  message: string;
  /** Path as Kubernetes writes it: `spec.template.spec.containers[0].image`. */
  field?: string;
}

export interface Details {
  /** The resource (404, 409, 403) or the Kind (422). */
  kind?: string;
  group?: string;
  name?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** The only error that reaches a client; anything else becomes InternalError. `status.ts` turns it into a Status. */
export class ApiError extends Error {
  readonly reason: Reason;
  readonly details: Details | undefined;
  /** Code and reason of a Status that somebody else has written; the reason of this error stands for its class. */
  readonly told: { code: number; reason?: string } | undefined;
  /** Further fields of the Status's metadata, for example a continue token on Expired. */
  readonly listMeta: Record<string, string> | undefined;
  /** Is what the client is to be told besides, each as a Warning. */
  warnings: readonly string[] = [];

  constructor(
    reason: Reason,
    message: string,
    options?: ErrorOptions & {
      details?: Details;
      listMeta?: Record<string, string>;
      told?: { code: number; reason?: string };
    },
  ) {
    super(message, options);
    this.name = 'ApiError';
    this.reason = reason;
    this.details = options?.details;
    this.listMeta = options?.listMeta;
    this.told = options?.told;
  }
}

export const isReason = (error: unknown, ...reasons: Reason[]): error is ApiError =>
  error instanceof ApiError && reasons.includes(error.reason);
