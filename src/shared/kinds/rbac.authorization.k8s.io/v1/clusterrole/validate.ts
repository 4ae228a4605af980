import type { Cause } from '../../../../errors/apiError.ts';
import type { ClusterRole, LabelSelector } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { isApplicable, validSelector } from '../../../validation/labels.ts';
import { validRules } from '../role/policyRule.ts';

export function validate({ rules, aggregationRule }: ClusterRole): Cause[] {
  const causes = validRules(rules, false);
  if (!aggregationRule) return causes;
  const field = 'aggregationRule.clusterRoleSelectors';
  const { clusterRoleSelectors = [] } = aggregationRule;
  if (!clusterRoleSelectors.length)
    causes.push(required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  return [...causes, ...clusterRoleSelectors.flatMap((each, i) => validSource(`${field}[${i}]`, each))];
}

const validSource = (field: string, selector: LabelSelector): Cause[] => [
  ...validSelector(field, selector),
  ...(isApplicable(selector) ? [] : [invalidValue(field, null, 'invalid label selector.')]),
];
