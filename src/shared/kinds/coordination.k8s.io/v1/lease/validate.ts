import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { Lease } from '../../../schema/types.ts';
import { forbidden, notSupported } from '../../../validation/causes.ts';
import { checked, nonNegative, positive } from '../../../validation/rules.ts';

const strategies = ['OldestEmulationVersion'];

export function validate({ spec = {} }: Lease): Cause[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec;
  const causes: Cause[] = [];
  if (leaseDurationSeconds !== undefined) {
    causes.push(...positive('spec.leaseDurationSeconds', leaseDurationSeconds));
  }
  causes.push(...nonNegative('spec.leaseTransitions', leaseTransitions));
  if (strategy !== undefined) causes.push(...validStrategy('spec.strategy.strategy', strategy));
  if (preferredHolder && !strategy) {
    causes.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
  }
  return causes;
}

/** Kubernetes repeats `strategy` in the path. */
function validStrategy(field: string, strategy: string): Cause[] {
  if (strategy.includes('/')) return checked(field, strategy, qualifiedNameProblems);
  return strategies.includes(strategy) ? [] : [notSupported(field, strategy, strategies)];
}
