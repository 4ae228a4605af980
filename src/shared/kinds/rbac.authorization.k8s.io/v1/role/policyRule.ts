import type { Cause } from '../../../../errors/apiError.ts';
import type { PolicyRule } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';

/** Rules of a Role or a ClusterRole; those of a Role are namespaced and say nothing about paths. */
export const validRules = (rules: PolicyRule[] | null | undefined, namespaced: boolean): Cause[] =>
  (rules ?? []).flatMap((rule, i) => validRule(`rules[${i}]`, rule, namespaced));

function validRule(field: string, rule: PolicyRule, namespaced: boolean): Cause[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const causes: Cause[] = [];
  if (!verbs?.length) causes.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs?.length) {
    const refuse = (why: string) =>
      causes.push(invalidValue(`${field}.nonResourceURLs`, nonResourceURLs, why));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (apiGroups?.length || resources?.length || resourceNames?.length)
      refuse('rules cannot apply to both regular resources and non-resource URLs');
    return causes;
  }
  if (!apiGroups?.length)
    causes.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!resources?.length)
    causes.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
  return causes;
}
