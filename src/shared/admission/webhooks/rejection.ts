import { ApiError, type Details } from '../../errors/apiError.ts';
import { httpCode, type Reason } from '../../errors/reason.ts';
import type { Status } from '../../kinds/schema/types.ts';

/** The refusal of a request by a webhook: with its own code, reason and details, when it gives any. */
export function rejection(webhook: string, status: Status | undefined): ApiError {
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const { code = 0, reason = '', message = '', details } = status ?? {};
  const why = message || reason;
  const told = { code: Math.max(code, 400), ...(reason && { reason }) };
  return new ApiError(classOf(told.code), why ? `${by}: ${why}` : `${by} without explanation`, {
    told,
    ...(details && { details: details as Details }),
  });
}

const reasons = Object.keys(httpCode) as Reason[];

const classOf = (code: number): Reason => reasons.find((reason) => httpCode[reason] === code) ?? 'Unknown';
