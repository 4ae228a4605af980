import type { CompiledMutatingPolicy } from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Place } from '../matching/rules.ts';
import type { Admission } from '../plugin.ts';
import type { decisionsOf } from '../policy/decide.ts';
import { evaluateAll, OutOfBudget, policyBudget } from '../policy/evaluate.ts';
import type { Hook } from '../policy/hooks.ts';
import { conditionsHold } from '../policy/matchConditions.ts';
import { inputBindings } from '../policy/request.ts';
import type { Reinvocation } from '../reinvocation.ts';
import { subjectAt } from '../subject.ts';
import { PatchProblem, patchedBy } from './patch.ts';

/** A policy with a binding and one of its parameters, for a request that they match. */
export interface Invocation {
  readonly hook: Hook<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutatingPolicy>;
  readonly binding: MutatingAdmissionPolicyBinding;
  readonly place: Place;
  readonly params: AnyObject | undefined;
}

interface Means {
  readonly decisions: ReturnType<typeof decisionsOf>;
  readonly namespace: AnyObject | undefined;
}

/** Describes what came of an invocation: why patches could not be made, and whether one was. */
export interface Outcome {
  readonly problems: readonly string[];
  readonly isPatched: boolean;
}

const nothing: Outcome = { problems: [], isPatched: false };

/**
 * Applies the mutations of a policy, one after the other, each to what the one before made.
 * @throws InternalError when what a patch makes is no object of the kind.
 */
export async function invoke(
  { decisions, namespace }: Means,
  admission: Admission,
  { hook, binding, place, params }: Invocation,
  again: Reinvocation,
): Promise<Outcome> {
  const { policy } = hook;
  const compiled = hook.compiled();
  const bindings = async () => {
    const shown = await subjectAt(admission, place);
    return {
      shown,
      bindings: inputBindings({ admission, shown, place, params, namespace, decide: decisions.decide }),
    };
  };
  if (compiled.matchConditions.length > 0) {
    const input = await bindings();
    const held = await decisions.run(() =>
      conditionsHold(
        compiled.matchConditions,
        input.bindings,
        policy.spec?.failurePolicy,
        compiled.variables,
      ),
    );
    if ('error' in held) return { ...nothing, problems: [held.error] };
    if (!held.holds) return nothing;
  }
  const id = keyOf(policy, binding, params);
  if (admission.isReinvocation && !again.includes(id)) return nothing;
  const before = JSON.stringify(admission.object);
  const problems: string[] = [];
  let isPatched = false;
  for (const { patchType, expression } of compiled.mutations) {
    if (!admission.object) continue;
    const { shown, bindings: input } = await bindings();
    try {
      if ('problem' in expression) throw new PatchProblem(expression.problem);
      const [result] = await decisions.run(() =>
        evaluateAll([expression], input, compiled.variables, { left: policyBudget }),
      );
      if (!result || 'error' in result) throw new PatchProblem(result?.error ?? '');
      const patched = patchedBy(patchType, result.value, shown.object!, shown.schema);
      admission.object = await shown.back(shown.schema.withDefaults(patched));
      isPatched = true;
    } catch (error) {
      if (!(error instanceof PatchProblem || error instanceof OutOfBudget)) throw error;
      problems.push(error.message);
    }
  }
  if (JSON.stringify(admission.object) !== before) {
    again.changed();
    admission.reinvoke();
  }
  again.called(id, policy.spec?.reinvocationPolicy);
  return { problems, isPatched };
}

const keyOf = (
  policy: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  params?: AnyObject,
) =>
  JSON.stringify([
    policy.metadata.name,
    binding.metadata.name,
    params?.metadata.namespace ?? '',
    params?.metadata.name ?? '',
  ]);
