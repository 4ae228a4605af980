import { boolType, nullType, stringType } from '../../../../cel/types/type.ts';
import type { ValidatingAdmissionPolicy, Validation } from '../../../schema/types.ts';
import { type Offered, policyEnvironment } from '../policy/environment.ts';
import { compilePolicyExpression, type PolicyExpression } from '../policy/expression.ts';
import { compileVariables, type Variables } from '../policy/variables.ts';

/** A validation with the programs of its expressions. */
export interface CompiledValidation {
  readonly validation: Validation;
  readonly condition: PolicyExpression;
  readonly message?: PolicyExpression;
}

/** The expressions of a policy, compiled. */
export interface CompiledPolicy {
  readonly policy: ValidatingAdmissionPolicy;
  readonly matchConditions: readonly (PolicyExpression & { readonly name: string })[];
  readonly variables: Variables;
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly { readonly key: string; readonly value: PolicyExpression }[];
}

/**
 * Compiles a policy. What does not compile was refused when the policy was written; it fails when it is evaluated.
 * @param types What object and params are, where that is known.
 */
export function compilePolicy(
  policy: ValidatingAdmissionPolicy,
  types: Pick<Offered, 'object' | 'paramsType'> = {},
): CompiledPolicy {
  const {
    paramKind,
    variables,
    validations = [],
    auditAnnotations = [],
    matchConditions = [],
  } = policy.spec ?? {};
  const offered = { params: paramKind !== undefined, authorizer: true, ...types };
  const compiled = compileVariables(variables, offered);
  const conditions = policyEnvironment({ ...offered, variables: compiled.fields });
  const messages = policyEnvironment({ ...offered, authorizer: false, variables: compiled.fields });
  return {
    policy,
    variables: compiled,
    matchConditions: matchConditions.map(({ name, expression }) => ({
      ...compilePolicyExpression(expression, conditions, [boolType]),
      name,
    })),
    validations: validations.map((validation) => ({
      validation,
      condition: compilePolicyExpression(validation.expression, conditions, [boolType]),
      ...(validation.messageExpression && {
        message: compilePolicyExpression(validation.messageExpression, messages, [stringType]),
      }),
    })),
    auditAnnotations: auditAnnotations.map(({ key, valueExpression }) => ({
      key,
      value: compilePolicyExpression(valueExpression, conditions, [stringType, nullType]),
    })),
  };
}
