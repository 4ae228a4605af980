import type { Fields } from '../../../../cel/check/environment.ts';
import type { Program } from '../../../../cel/index.ts';
import type { Type } from '../../../../cel/types/type.ts';
import type { Cause } from '../../../../errors/apiError.ts';
import type { Variable } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { type Offered, policyEnvironment, variableType } from './environment.ts';
import { compilePolicyExpression, expressionCauses, type PolicyExpression } from './expression.ts';

/** The variables of a policy; each may name those before it. */
export interface Variables {
  readonly fields: Fields;
  readonly compiled: ReadonlyMap<string, PolicyExpression>;
}

/** Compiles variables in their order. */
export function compileVariables(
  variables: readonly Variable[] = [],
  offered: Omit<Offered, 'variables'>,
): Variables {
  const fields = new Map<string, Type>();
  const compiled = new Map<string, PolicyExpression>();
  // One for all of them, in which each finds those before it: one for each would take the square of their number.
  const environment = policyEnvironment({ ...offered, variables: fields });
  for (const { name, expression } of variables) {
    const own = compilePolicyExpression(expression, environment);
    fields.set(name, variableType(typeOf(own)));
    compiled.set(name, own);
  }
  return { fields, compiled };
}

const typeOf = (expression: PolicyExpression): Program['type'] | undefined =>
  'program' in expression ? expression.program.type : undefined;

const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);
const isIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);

/** Findings about variables that were compiled. */
export function variableCauses(
  field: string,
  variables: readonly Variable[] = [],
  compiled: Variables,
): Cause[] {
  return variables.flatMap(({ name = '', expression = '' }, index) => {
    const at = `${field}[${index}]`;
    const own = compiled.compiled.get(name);
    return [
      ...(name.trim() === ''
        ? [required(`${at}.name`, 'name is not specified')]
        : isIdentifier(name)
          ? []
          : [invalidValue(`${at}.name`, name, 'must be a valid CEL identifier')]),
      ...(expression.trim() === ''
        ? [required(`${at}.expression`, 'expression is not specified')]
        : own
          ? expressionCauses(`${at}.expression`, own)
          : []),
    ];
  });
}
