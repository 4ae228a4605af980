import type { CompiledMutatingPolicy } from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Place } from '../matching/rules.ts';
import type { Admission } from '../plugin.ts';
import type { Evaluations } from '../policy/decide.ts';
import type { Hook } from '../policy/hooks.ts';
import { dataOf } from '../policy/request.ts';
import type { Reinvocation } from '../reinvocation.ts';
import { subjectAt } from '../subject.ts';
import { mutationConditionsHold, patchMade } from './mutate.ts';
import { PatchProblem, patchedBy } from './patch.ts';

/** A policy with a binding and one of its parameters, for a request that they match. */
export interface Invocation {
  readonly hook: Hook<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutatingPolicy>;
  readonly binding: MutatingAdmissionPolicyBinding;
  readonly place: Place;
  readonly params: AnyObject | undefined;
}

interface Means {
  readonly evaluated: Evaluations;
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
  { evaluated, namespace }: Means,
  admission: Admission,
  { hook, binding, place, params }: Invocation,
  again: Reinvocation,
): Promise<Outcome> {
  const { policy } = hook;
  const name = policy.metadata.name ?? '';
  const known = async () => {
    const shown = await subjectAt(admission, place);
    return { shown, data: dataOf({ admission, shown, place, params, namespace }) };
  };
  if (policy.spec?.matchConditions?.length) {
    const { data } = await known();
    const held = await evaluated('mutating', name, policy, data, (bindings) =>
      mutationConditionsHold(policy, hook.compiled(), bindings),
    );
    if ('error' in held) return { ...nothing, problems: [held.error] };
    if (!held.holds) return nothing;
  }
  const id = keyOf(policy, binding, params);
  if (admission.isReinvocation && !again.includes(id)) return nothing;
  const before = JSON.stringify(admission.object);
  const problems: string[] = [];
  let isPatched = false;
  for (const index of (policy.spec?.mutations ?? []).keys()) {
    if (!admission.object) continue;
    const { shown, data } = await known();
    const made = await evaluated('mutation', name, { policy, index }, data, (bindings) =>
      patchMade(hook.compiled(), index, bindings),
    );
    try {
      const patched = patchedBy(made, shown.object!, shown.schema);
      admission.object = await shown.back(shown.schema.withDefaults(patched));
      isPatched = true;
    } catch (error) {
      if (!(error instanceof PatchProblem)) throw error;
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
