import type { Cause } from '../../../../errors/apiError.ts';
import { percentProblems } from '../../../../meta/names.ts';
import type { IntOrString, PodDisruptionBudget, PodDisruptionBudgetSpec } from '../../../schema/types.ts';
import { invalidValue, notSupported } from '../../../validation/causes.ts';
import { validConditions } from '../../../validation/conditions.ts';
import { validSelector } from '../../../validation/labels.ts';
import { checked, nonNegative } from '../../../validation/rules.ts';

const policies = ['AlwaysAllow', 'IfHealthyBudget'];

export function validate({ spec = {} }: PodDisruptionBudget): Cause[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const causes: Cause[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    causes.push(invalidValue('spec', shown(spec), 'minAvailable and maxUnavailable cannot be both set'));
  causes.push(...validAmount('spec.minAvailable', minAvailable));
  causes.push(...validAmount('spec.maxUnavailable', maxUnavailable));
  causes.push(...validSelector('spec.selector', selector));
  if (policy !== undefined && !policies.includes(policy))
    causes.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  return causes;
}

/** As Kubernetes shows the whole spec, by its fields in Go. */
const shown = ({
  minAvailable,
  selector,
  maxUnavailable,
  unhealthyPodEvictionPolicy,
}: PodDisruptionBudgetSpec) => ({
  MinAvailable: minAvailable ?? null,
  Selector: selector ?? null,
  MaxUnavailable: maxUnavailable ?? null,
  UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
});

function validAmount(field: string, amount: IntOrString | undefined): Cause[] {
  if (amount === undefined) return [];
  if (typeof amount === 'number') return nonNegative(field, amount);
  const causes = checked(field, amount, percentProblems);
  const isTooMuch = /^[0-9]+%$/.test(amount) && Number.parseInt(amount, 10) > 100;
  return isTooMuch ? [...causes, invalidValue(field, amount, 'must not be greater than 100%')] : causes;
}

export function validateStatus({ status }: PodDisruptionBudget): Cause[] {
  const at = 'status';
  return [
    ...validConditions(`${at}.conditions`, status?.conditions ?? []),
    ...nonNegative(`${at}.disruptionsAllowed`, status?.disruptionsAllowed),
    ...nonNegative(`${at}.currentHealthy`, status?.currentHealthy),
    ...nonNegative(`${at}.desiredHealthy`, status?.desiredHealthy),
    ...nonNegative(`${at}.expectedPods`, status?.expectedPods),
  ];
}
