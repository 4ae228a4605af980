import {
  type CompiledPolicy,
  compilePolicy,
} from '../../kinds/admissionregistration.k8s.io/v1/validatingadmissionpolicy/compile.ts';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../kinds/schema/types.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import { trusted } from '../../storage/compiled/trusted.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { evaluationsFor } from '../policy/decide.ts';
import { isExempt } from '../policy/exempt.ts';
import { type Hook, hooksIn } from '../policy/hooks.ts';
import { invocationsOf } from '../policy/invocations.ts';
import { namespaceOf, ownNamespace } from '../policy/namespace.ts';
import { type FindParams, paramsIn } from '../policy/params.ts';
import { dataOf } from '../policy/request.ts';
import { type Judgement, judge } from './judge.ts';
import { type Denied, refusal } from './refusal.ts';
import { Report } from './report.ts';

/** Judges requests by the ValidatingAdmissionPolicies that are bound. */
export function validatingAdmissionPolicy(options: AdmissionOptions): AdmissionPlugin {
  const { storage, clock, trustedMs = 0 } = options;
  const bound = hooksIn<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, CompiledPolicy>(
    storage,
    { policies: 'validatingadmissionpolicies', bindings: 'validatingadmissionpolicybindings' },
    (policy) => compilePolicy(policy),
  );
  const hooks = trusted(bound, clock, trustedMs);
  const params = paramsIn(storage);
  return {
    name: 'ValidatingAdmissionPolicy',
    validate: (admission) => {
      if (isExempt(admission)) return;
      const all = hooks(admission.cluster);
      if (isComing(all) || all.length > 0) return judgeAll({ ...options, params }, admission, all);
    },
  };
}

type Means = AdmissionOptions & { readonly params: FindParams };

type Bound = Hook<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, CompiledPolicy>;

/** One request, with what is looked up for it at most once. */
async function judgeAll(means: Means, admission: Admission, asked: Soon<readonly Bound[]>): Promise<void> {
  const hooks = await asked;
  if (hooks.length === 0) return;
  const { namespace, labels } = namespaceOf(means.storage, admission);
  const evaluated = evaluationsFor(means, admission);
  const denied: Denied[] = [];
  const refuse = (
    policy: ValidatingAdmissionPolicy,
    binding: ValidatingAdmissionPolicyBinding | undefined,
    message: string,
  ) => {
    if (policy.spec?.failurePolicy !== 'Ignore') denied.push({ policy, binding, message });
  };
  for (const hook of hooks) {
    const { policy } = hook;
    const report = new Report(admission, policy);
    for (const found of await invocationsOf(means.params, admission, labels, hook)) {
      if ('problem' in found) {
        refuse(policy, found.binding, found.problem);
        continue;
      }
      const { binding, place, params } = found;
      const own = params.length > 0 ? await ownNamespace(admission, namespace) : undefined;
      for (const param of params) {
        const data = dataOf({ admission, place, params: param, namespace: own });
        const name = policy.metadata.name ?? '';
        const judgement = await evaluated('validations', name, policy, data, (bindings) =>
          judge(hook.compiled(), bindings),
        );
        denied.push(...act(report, policy, binding, judgement));
      }
    }
    report.publish();
  }
  if (denied.length > 0) throw refusal(admission, denied[0]!);
}

/** Does what the binding wants done about each finding. */
function act(
  report: Report,
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  { denials, annotations, annotationErrors }: Judgement,
): Denied[] {
  const denied: Denied[] = [];
  for (const denial of denials)
    for (const action of binding.spec?.validationActions ?? []) {
      if (action === 'Deny') denied.push({ policy, binding, ...denial });
      else if (action === 'Warn') report.warn(binding, denial);
      else report.audit(binding, denial);
    }
  for (const { key, value } of annotations) report.annotate(key, value);
  return [...denied, ...annotationErrors.map((message) => ({ policy, binding, message }))];
}
