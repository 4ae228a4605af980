import type { Cause } from '../../../../errors/apiError.ts';
import { percentProblems } from '../../../../meta/names.ts';
import type { DeploymentStrategy, IntOrString, RollingUpdateDeployment } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked, nonNegative } from '../../../validation/rules.ts';

const types = ['Recreate', 'RollingUpdate'];

/** Returns what is wrong with the strategy of a Deployment: Recreate has no parameters, RollingUpdate needs them. */
export function validStrategy({ type = '' as never, rollingUpdate }: DeploymentStrategy): Cause[] {
  const field = 'spec.strategy';
  const at = `${field}.rollingUpdate`;
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate ? [forbidden(at, why)] : [];
  }
  if (type !== 'RollingUpdate') {
    // Kubernetes shows the whole strategy.
    const shown = rollingUpdate ? shownRolling(rollingUpdate) : null;
    return [notSupported(field, { Type: type, RollingUpdate: shown }, types)];
  }
  return rollingUpdate
    ? validRolling(at, rollingUpdate)
    : [required(at, 'this should be defaulted and never be nil')];
}

const shownRolling = ({ maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment) => ({
  MaxUnavailable: maxUnavailable,
  MaxSurge: maxSurge,
});

function validRolling(at: string, { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment): Cause[] {
  const field = `${at}.maxUnavailable`;
  const causes = [...validAmount(field, maxUnavailable), ...validAmount(`${at}.maxSurge`, maxSurge)];
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    causes.push(invalidValue(field, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof maxUnavailable === 'string' && amountOf(maxUnavailable) > 100) {
    causes.push(invalidValue(field, maxUnavailable, 'must not be greater than 100%'));
  }
  return causes;
}

const validAmount = (field: string, amount: IntOrString): Cause[] =>
  typeof amount === 'string' ? checked(field, amount, percentProblems) : nonNegative(field, amount);

/** The number before the percent sign; 0 for what is no percentage. */
const amountOf = (amount: IntOrString): number =>
  typeof amount === 'number' ? amount : /^[0-9]+%$/.test(amount) ? Number.parseInt(amount, 10) : 0;
