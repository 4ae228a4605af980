import { boolType } from '../../../../cel/types/type.ts';
import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { MatchCondition } from '../../../schema/types.ts';
import { duplicate, required, tooMany } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { policyEnvironment } from './environment.ts';
import { compilePolicyExpression, expressionCauses } from './expression.ts';

const most = 64;

/** Match conditions of policies and webhooks. @param params Whether they may name `params`. */
export function matchConditionCauses(
  field: string,
  conditions: readonly MatchCondition[] = [],
  params = false,
): Cause[] {
  const environment = policyEnvironment({ params, authorizer: true });
  const names = new Set<string>();
  const causes = conditions.length > most ? [tooMany(field, conditions.length, most)] : [];
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = `${field}[${index}]`;
    const trimmed = (expression ?? '').trim();
    if (trimmed === '') causes.push(required(`${at}.expression`));
    else
      causes.push(
        ...expressionCauses(`${at}.expression`, compilePolicyExpression(trimmed, environment, [boolType])),
      );
    if (!name) {
      causes.push(required(`${at}.name`));
      continue;
    }
    causes.push(...checked(`${at}.name`, name, qualifiedNameProblems));
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
    names.add(name);
  }
  return causes;
}
