import { jsonPatchListType, objectPatchType } from '../../../../cel/library/kubernetes/patchTypes.ts';
import { boolType } from '../../../../cel/types/type.ts';
import type { MutatingAdmissionPolicy, PatchType } from '../../../schema/types.ts';
import { policyEnvironment } from '../../v1/policy/environment.ts';
import { compilePolicyExpression, type PolicyExpression } from '../../v1/policy/expression.ts';
import { compileVariables, type Variables } from '../../v1/policy/variables.ts';

/** A mutation with the program of its expression. */
export interface CompiledMutation {
  readonly patchType: PatchType;
  readonly expression: PolicyExpression;
}

/** The expressions of a policy, compiled. */
export interface CompiledMutatingPolicy {
  readonly matchConditions: readonly PolicyExpression[];
  readonly variables: Variables;
  readonly mutations: readonly CompiledMutation[];
}

/** Compiles a policy. What does not compile was refused when the policy was written; it fails when it is evaluated. */
export function compileMutatingPolicy({ spec }: MutatingAdmissionPolicy): CompiledMutatingPolicy {
  const { paramKind, variables, mutations = [], matchConditions = [] } = spec ?? {};
  const offered = { params: paramKind !== undefined, authorizer: true };
  const compiled = compileVariables(variables, offered);
  const conditions = policyEnvironment({ ...offered, variables: compiled.fields });
  const patches = policyEnvironment({ ...offered, variables: compiled.fields, mutates: true });
  return {
    variables: compiled,
    matchConditions: matchConditions.map(({ expression }) =>
      compilePolicyExpression(expression, conditions, [boolType]),
    ),
    mutations: mutations.map(({ patchType, jsonPatch, applyConfiguration }) => ({
      patchType,
      expression:
        patchType === 'JSONPatch'
          ? compilePolicyExpression(jsonPatch?.expression ?? '', patches, [jsonPatchListType])
          : compilePolicyExpression(applyConfiguration?.expression ?? '', patches, [objectPatchType]),
    })),
  };
}
