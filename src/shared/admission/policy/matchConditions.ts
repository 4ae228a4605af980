import type { Bindings } from '../../cel/eval/frame.ts';
import { boolType } from '../../cel/types/type.ts';
import { policyEnvironment } from '../../kinds/admissionregistration.k8s.io/v1/policy/environment.ts';
import {
  compilePolicyExpression,
  type PolicyExpression,
} from '../../kinds/admissionregistration.k8s.io/v1/policy/expression.ts';
import type { Variables } from '../../kinds/admissionregistration.k8s.io/v1/policy/variables.ts';
import type { MatchCondition } from '../../kinds/schema/types.ts';
import { evaluateAll, matchConditionsBudget, OutOfBudget, type Result } from './evaluate.ts';

/** Match conditions of a webhook, compiled: what `conditionsHold` evaluates. */
export function compileMatchConditions(conditions: readonly MatchCondition[] = []): PolicyExpression[] {
  const environment = policyEnvironment({ params: false, authorizer: true });
  return conditions.map(({ expression }) => compilePolicyExpression(expression, environment, [boolType]));
}

/**
 * Describes whether a request is to be judged: by one condition that is false it is not, whatever the others come to.
 */
export type Held = { readonly holds: boolean } | { readonly error: string };

/**
 * Evaluates match conditions of a policy or a webhook. Where none is false and some fail, the failure policy decides:
 * with `Ignore` the request is not judged, with `Fail` it is refused.
 */
export function conditionsHold(
  conditions: readonly PolicyExpression[],
  bindings: Bindings,
  failurePolicy: string | undefined,
  variables?: Variables,
): Held {
  let results: (Result | undefined)[];
  try {
    results = evaluateAll(conditions, bindings, variables, { left: matchConditionsBudget });
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    return failedConditions(failurePolicy, error.message);
  }
  const errors: string[] = [];
  for (const result of results) {
    if (result && 'value' in result && result.value === false) return { holds: false };
    if (result && 'error' in result) errors.push(result.error);
  }
  if (errors.length === 0) return { holds: true };
  return failedConditions(failurePolicy, aggregate(errors));
}

/** Returns what comes of conditions that cannot be evaluated. */
export const failedConditions = (failurePolicy: string | undefined, error: string): Held =>
  failurePolicy === 'Ignore' ? { holds: false } : { error };

/** Several errors as Go's aggregate shows them: each text once. */
function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
}
