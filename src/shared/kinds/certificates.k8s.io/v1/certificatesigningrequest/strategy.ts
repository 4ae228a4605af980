import { formatTime } from '../../../../clock/clock.ts';
import type { StrategyContext } from '../../../kind.ts';
import type { CertificateSigningRequest } from '../../../schema/types.ts';

/** What was asked for stays as it is; conditions are dated when they come and when their status changes. */
export function prepareForUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  { clock }: StrategyContext,
): void {
  request.spec = old.spec;
  const now = formatTime(clock.now());
  for (const condition of request.status?.conditions ?? []) {
    condition.lastUpdateTime ||= now;
    const before = old.status?.conditions?.find(
      ({ type, status }) => type === condition.type && status === condition.status,
    );
    condition.lastTransitionTime ||= before?.lastTransitionTime || now;
  }
}
