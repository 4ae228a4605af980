import { ApiError } from '../../errors/apiError.ts';
import { internalError } from '../../errors/common.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission } from '../plugin.ts';
import { CallingFailed } from './call.ts';
import type { Hook } from './hooks.ts';

export type WebhookOptions = AdmissionOptions & Required<Pick<AdmissionOptions, 'webhooks'>>;

/** Webhooks cannot refuse what would switch them off. */
export const isExempt = ({ objectKind }: Admission): boolean =>
  objectKind.group === 'admissionregistration.k8s.io';

/**
 * Carries out what a failed call means: nothing where the webhook's policy is to ignore it, which the audit line tells.
 * @throws what refuses the request.
 */
export function settleFailure(
  error: unknown,
  { webhook }: Hook,
  admission: Admission,
  annotation: string,
): void {
  if (!(error instanceof CallingFailed)) throw error;
  if (webhook.failurePolicy !== 'Ignore') throw internalError(error.message);
  if (admission.signal.aborted)
    throw new ApiError('Timeout', 'Timeout: request did not complete within requested timeout');
  admission.annotate(`failed-open.${annotation}`, webhook.name);
}
