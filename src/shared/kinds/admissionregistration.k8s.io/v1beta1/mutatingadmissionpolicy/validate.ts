import { jsonPatchListType, objectPatchType } from '../../../../cel/library/kubernetes/patchTypes.ts';
import type { Type } from '../../../../cel/types/type.ts';
import type { Cause } from '../../../../errors/apiError.ts';
import type { MutatingAdmissionPolicy, Mutation } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { oneOf } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { policyEnvironment } from '../../v1/policy/environment.ts';
import { compilePolicyExpression, expressionCauses } from '../../v1/policy/expression.ts';
import { matchConditionCauses } from '../../v1/policy/matchConditions.ts';
import { matchConstraintsCauses } from '../../v1/policy/matchResources.ts';
import { paramKindCauses } from '../../v1/policy/paramKind.ts';
import { compileVariables, variableCauses } from '../../v1/policy/variables.ts';
import { operationCauses } from '../operations.ts';

/** Findings in the order and the words of Kubernetes. */
export function validate(policy: MutatingAdmissionPolicy, old?: MutatingAdmissionPolicy): Cause[] {
  const {
    failurePolicy,
    paramKind,
    matchConstraints,
    matchConditions,
    variables,
    mutations = [],
    reinvocationPolicy,
  } = policy.spec ?? {};
  const params = paramKind !== undefined;
  const compiled = compileVariables(variables, { params, authorizer: true });
  const offered = { params, variables: compiled.fields };
  // Conditions that were let in once stay when nothing else changes.
  const unchanged = old !== undefined && isSame(old.spec, policy.spec);
  return [
    ...oneOf('spec.failurePolicy', failurePolicy, ['Fail', 'Ignore']),
    ...paramKindCauses('spec.paramKind', paramKind),
    ...matchConstraintsCauses('spec.matchConstraints', matchConstraints),
    ...operationCauses('spec.matchConstraints', matchConstraints),
    ...(unchanged ? [] : matchConditionCauses('spec.matchConditions', matchConditions, params)),
    ...variableCauses('spec.variables', variables, compiled),
    ...(mutations.length > 0 ? [] : [required('spec.mutations', 'mutations must contain at least one item')]),
    ...mutations.flatMap((own, index) => mutationCauses(`spec.mutations[${index}]`, own, offered)),
    ...oneOf('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']),
  ];
}

type Offer = Omit<Parameters<typeof policyEnvironment>[0], 'authorizer'>;

/** Each kind of patch: the field of its own, that of the other, and what its expression comes to. */
const patches = {
  JSONPatch: { own: 'jsonPatch', other: 'applyConfiguration', type: jsonPatchListType },
  ApplyConfiguration: { own: 'applyConfiguration', other: 'jsonPatch', type: objectPatchType },
} as const;

function mutationCauses(field: string, mutation: Mutation, offered: Offer): Cause[] {
  const { patchType } = mutation;
  if (!patchType) return [required(`${field}.patchType`)];
  if (!Object.hasOwn(patches, patchType))
    return [notSupported(`${field}.patchType`, patchType, Object.keys(patches).sort())];
  const { own, other, type } = patches[patchType];
  const patch = mutation[own];
  return [
    ...(patch
      ? patchCauses(`${field}.${own}.expression`, patch.expression ?? '', type, offered)
      : [required(`${field}.${own}`, `must be specified when patchType is ${patchType}`)]),
    ...(mutation[other]
      ? [
          invalidValue(
            `${field}.${other}`,
            `{${other}}`,
            `must not be specified when patchType is ${patchType}`,
          ),
        ]
      : []),
  ];
}

function patchCauses(field: string, expression: string, type: Type, offered: Offer): Cause[] {
  const trimmed = expression.trim();
  if (trimmed === '') return [required(field)];
  const environment = policyEnvironment({ ...offered, authorizer: true, mutates: true });
  return expressionCauses(field, compilePolicyExpression(trimmed, environment, [type]));
}
