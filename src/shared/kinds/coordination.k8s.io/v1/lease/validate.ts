import type { Cause } from '../../../../errors/apiError.ts';
import type { Lease } from '../../../schema/types.ts';
import { nonNegative, positive } from '../../../validation/rules.ts';

export function validate({ spec = {} }: Lease): Cause[] {
  const { leaseDurationSeconds, leaseTransitions } = spec;
  const causes = nonNegative('spec.leaseTransitions', leaseTransitions);
  if (leaseDurationSeconds === undefined) return causes;
  return [...positive('spec.leaseDurationSeconds', leaseDurationSeconds), ...causes];
}
