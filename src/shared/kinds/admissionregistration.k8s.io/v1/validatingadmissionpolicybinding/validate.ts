import type { Cause } from '../../../../errors/apiError.ts';
import type { ValidatingAdmissionPolicyBinding } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { bindingCauses } from '../policy/binding.ts';

export function validate({ spec }: ValidatingAdmissionPolicyBinding): Cause[] {
  return [...bindingCauses(spec), ...actionCauses('spec.validationActions', spec?.validationActions)];
}

const actions = ['Audit', 'Deny', 'Warn'];
const both =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';

function actionCauses(field: string, wanted: readonly string[] = []): Cause[] {
  const causes = wanted.flatMap((action, index) => [
    ...(actions.includes(action) ? [] : [notSupported(`${field}[${index}]`, action, actions)]),
    ...(wanted.indexOf(action) < index ? [duplicate(`${field}[${index}]`, action)] : []),
  ]);
  if (wanted.includes('Deny') && wanted.includes('Warn')) causes.push(invalidValue(field, wanted, both));
  if (wanted.length === 0) causes.push(required(field, 'at least one validation action is required'));
  return causes;
}
