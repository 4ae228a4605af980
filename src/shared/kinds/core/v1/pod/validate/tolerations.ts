import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../../../../meta/names.ts';
import type { Toleration } from '../../../../schema/types.ts';
import { invalidValue, notSupported } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Returns what is wrong with the tolerations of a Pod. */
export const validTolerations = (field: string, tolerations: Toleration[]): Cause[] =>
  tolerations.flatMap((toleration, i) => validToleration(`${field}[${i}]`, toleration));

function validToleration(at: string, toleration: Toleration): Cause[] {
  const { key, operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  const causes = key ? checked(`${at}.key`, key, qualifiedNameProblems) : [];
  if (!key && operator !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${at}.operator`, operator, why));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    causes.push(invalidValue(`${at}.effect`, effect, why));
  }
  addAll(causes, validOperator(`${at}.operator`, operator, value));
  if (effect && !effects.includes(effect)) causes.push(notSupported(`${at}.effect`, effect, effects));
  return causes;
}

/** No operator means Equal. */
function validOperator(field: string, operator: string, value: string): Cause[] {
  if (operator === '' || operator === 'Equal') {
    const problems = labelValueProblems(value);
    return problems.length > 0 ? [invalidValue(field, value, problems.join(';'))] : [];
  }
  if (operator === 'Exists') {
    const why = "value must be empty when `operator` is 'Exists'";
    return value ? [invalidValue(field, value, why)] : [];
  }
  const compares = operator === 'Lt' || operator === 'Gt';
  return [notSupported(field, operator, compares ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists'])];
}
