import { ApiError, type Details } from './apiError.ts';
import { httpCode, type Reason } from './reason.ts';

/** A Kubernetes `v1.Status`, in the field order a real server writes. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, string>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: Reason;
  details?: Details;
  code?: number;
}

/** Any thrown value as the Status a client gets. Unknown errors say nothing of their inside. */
export function toStatus(error: unknown): Status & { code: number } {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError('InternalError', 'Internal error occurred: the request could not be served');
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: known.listMeta ?? {},
    status: 'Failure',
    message: known.message,
    ...(known.reason !== 'Unknown' && { reason: known.reason }),
    ...(known.details && { details: known.details }),
    code: httpCode[known.reason],
  };
}
