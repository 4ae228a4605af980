import { ApiError, type Details } from './apiError.ts';
import { httpCode } from './reason.ts';

/** A Kubernetes `v1.Status`, in the field order a real server writes. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, string>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: Details;
  code?: number;
}

/** Any thrown value as the Status a client gets. Unknown errors say nothing of their inside. */
export function toStatus(error: unknown): Status & { code: number } {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError('InternalError', 'Internal error occurred: the request could not be served');
  const reason = known.told ? known.told.reason : known.reason === 'Unknown' ? undefined : known.reason;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: known.listMeta ?? {},
    status: 'Failure',
    message: known.message,
    ...(reason && { reason }),
    ...(known.details && { details: known.details }),
    code: known.told?.code ?? httpCode[known.reason],
  };
}
