import {
  type CompiledMutatingPolicy,
  compileMutatingPolicy,
} from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../kinds/schema/types.ts';
import { trusted } from '../../storage/compiled/trusted.ts';
import { normalise } from '../normalise.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { evaluationsFor } from '../policy/decide.ts';
import { isExempt } from '../policy/exempt.ts';
import { type Hook, hooksIn } from '../policy/hooks.ts';
import { type Invocations, invocationsOf } from '../policy/invocations.ts';
import { namespaceOf, ownNamespace } from '../policy/namespace.ts';
import { type FindParams, paramsIn } from '../policy/params.ts';
import { Reinvocation } from '../reinvocation.ts';
import { invoke } from './invoke.ts';
import { type Denied, refusal } from './refusal.ts';

type Bound = Hook<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutatingPolicy>;

/** Changes requests by the MutatingAdmissionPolicies that are bound. */
export function mutatingAdmissionPolicy(options: AdmissionOptions): AdmissionPlugin {
  const { storage, clock, trustedMs = 0 } = options;
  const bound = hooksIn<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutatingPolicy>(
    storage,
    { policies: 'mutatingadmissionpolicies', bindings: 'mutatingadmissionpolicybindings' },
    compileMutatingPolicy,
  );
  const hooks = trusted(bound, clock, trustedMs);
  const params = paramsIn(storage);
  const requests = new WeakMap<Admission, Reinvocation>();
  return {
    name: 'MutatingAdmissionPolicy',
    operations: ['CREATE', 'UPDATE', 'CONNECT'],
    admit: async (admission) => {
      if (isExempt(admission)) return false;
      const all = await hooks(admission.cluster);
      if (all.length === 0) return false;
      const again = requests.get(admission) ?? new Reinvocation();
      requests.set(admission, again);
      return applyAll({ ...options, params }, admission, all, again);
    },
  };
}

type Means = AdmissionOptions & { readonly params: FindParams };

/** One request, with what is looked up for it at most once. @returns whether it was changed. */
async function applyAll(
  options: Means,
  admission: Admission,
  hooks: readonly Bound[],
  again: Reinvocation,
): Promise<boolean> {
  const { namespace, labels } = namespaceOf(options.storage, admission);
  const denied: Denied[] = [];
  // What a request matches is decided before anything changes it.
  const matched: (Invocations<MutatingAdmissionPolicyBinding> & { hook: Bound })[] = [];
  for (const hook of hooks)
    for (const found of await invocationsOf(options.params, admission, labels, hook)) {
      if ('problem' in found)
        denied.push({ policy: hook.policy, binding: found.binding, message: found.problem });
      else if (found.params.length > 0) matched.push({ ...found, hook });
    }
  let isPatched = false;
  if (matched.length > 0) {
    normalise(admission);
    if (admission.isReinvocation) again.begin(admission.object);
    const means = {
      evaluated: evaluationsFor(options, admission),
      namespace: await ownNamespace(admission, namespace),
    };
    for (const { hook, binding, place, params: all } of matched)
      for (const param of all) {
        const outcome = await invoke(means, admission, { hook, binding, place, params: param }, again);
        denied.push(
          ...outcome.problems.map((message) => ({ policy: hook.policy, binding, message, isInvalid: true })),
        );
        isPatched ||= outcome.isPatched;
      }
    // As in Kubernetes, whatever the patches came to.
    if (isPatched) {
      again.changed();
      admission.reinvoke();
    }
    again.end(admission.object);
  }
  const refused = denied.filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore');
  if (refused.length > 0) throw refusal(admission, refused);
  return isPatched;
}
