import type { Bindings } from '../../cel/eval/frame.ts';
import type { CompiledMutatingPolicy } from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import type { MutatingAdmissionPolicy } from '../../kinds/schema/types.ts';
import { evaluateAll, OutOfBudget, policyBudget } from '../policy/evaluate.ts';
import { conditionsHold, type Held } from '../policy/matchConditions.ts';
import { type Made, PatchProblem, patchOf } from './patch.ts';

/** Evaluates the match conditions of a policy. Throws Undecided when they ask the authorizer something new. */
export const mutationConditionsHold = (
  { spec }: MutatingAdmissionPolicy,
  { matchConditions, variables }: CompiledMutatingPolicy,
  bindings: Bindings,
): Held => conditionsHold(matchConditions, bindings, spec?.failurePolicy, variables);

/** Evaluates one of a policy's mutations. Throws Undecided when it asks the authorizer something new. */
export function patchMade(
  { mutations, variables }: CompiledMutatingPolicy,
  index: number,
  bindings: Bindings,
): Made {
  const { patchType, expression } = mutations[index]!;
  try {
    if ('problem' in expression) throw new PatchProblem(expression.problem);
    const [result] = evaluateAll([expression], bindings, variables, { left: policyBudget });
    if (!result || 'error' in result) throw new PatchProblem(result?.error ?? '');
    return patchOf(patchType, result.value);
  } catch (error) {
    if (error instanceof PatchProblem || error instanceof OutOfBudget) return { problem: error.message };
    throw error;
  }
}
