import type { Authorizer } from '../../auth/authorize.ts';
import { ApiError } from '../../errors/apiError.ts';
import { resourceName } from '../../kinds/kind.ts';
import { kinds } from '../../kinds/registry.ts';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Storage } from '../../ports/storage.ts';
import { trusted } from '../../storage/compiled/trusted.ts';
import { matchOf } from '../matching/index.ts';
import type { Place } from '../matching/rules.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { decisionsOf } from '../policy/decide.ts';
import { namespaceOf, ownNamespace } from '../policy/namespace.ts';
import { type FindParams, MisconfiguredBinding, paramsIn, UnknownParamKind } from '../policy/params.ts';
import { type Judgement, judge } from './judge.ts';
import { type Hook, hooksIn } from './policies.ts';
import { type Denied, refusal } from './refusal.ts';
import { Report } from './report.ts';

/** Policies cannot refuse what would switch them off, nor what stores nothing. */
const exempt = new Set(
  kinds.filter(({ group, virtual }) => group === 'admissionregistration.k8s.io' || virtual).map(resourceName),
);

/** Judges requests by the ValidatingAdmissionPolicies that are bound. */
export function validatingAdmissionPolicy({
  storage,
  rbac,
  clock,
  trustedMs = 0,
}: AdmissionOptions): AdmissionPlugin {
  const hooks = trusted(hooksIn(storage), clock, trustedMs);
  const params = paramsIn(storage);
  return {
    name: 'ValidatingAdmissionPolicy',
    validate: async (admission) => {
      if (exempt.has(resourceName(admission.kind))) return;
      const bound = await hooks(admission.cluster);
      if (bound.length > 0)
        await judgeAll({ storage, params, authorizer: rbac?.authorizer }, admission, bound);
    },
  };
}

interface Means {
  readonly storage: Storage;
  readonly params: FindParams;
  /** The authorizer that expressions ask; when absent, everything is allowed. */
  readonly authorizer: Authorizer | undefined;
}

/** One request, with what is looked up for it at most once. */
async function judgeAll(means: Means, admission: Admission, hooks: readonly Hook[]): Promise<void> {
  const { namespace, labels } = namespaceOf(means.storage, admission);
  const decisions = decisionsOf(means.authorizer, admission);
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
    const place = await matched(() => matchOf(policy.spec?.matchConstraints, admission, labels));
    if (place instanceof ApiError) refuse(policy, undefined, `failed to configure policy: ${place.message}`);
    if (!place || place instanceof ApiError) continue;
    const report = new Report(admission, policy);
    for (const binding of hook.bindings) {
      const wrong = (why: string) => refuse(policy, binding, `failed to configure binding: ${why}`);
      const binds = await matched(() => matchOf(binding.spec?.matchResources, admission, labels));
      if (binds instanceof ApiError) wrong(binds.message);
      if (!binds || binds instanceof ApiError) continue;
      const found = await paramsOf(means.params, admission, policy, binding);
      if (found instanceof UnknownParamKind) {
        refuse(policy, undefined, `failed to configure policy: ${found.message}`);
        break;
      }
      if (found instanceof MisconfiguredBinding) {
        wrong(found.message);
        continue;
      }
      const own = found.length > 0 ? await ownNamespace(admission, namespace) : undefined;
      for (const param of found) {
        const input = { admission, place, params: param, namespace: own, decide: decisions.decide };
        const judgement = await decisions.run(() => judge(hook.compiled(), input));
        denied.push(...act(report, policy, binding, judgement));
      }
    }
    report.publish();
  }
  if (denied.length > 0) throw refusal(admission, denied[0]!);
}

/** Where a request matches, nothing, or why that cannot be said. */
async function matched(find: () => Promise<Place | undefined>): Promise<Place | undefined | ApiError> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

async function paramsOf(
  find: FindParams,
  { cluster, namespace }: Admission,
  { spec }: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
): Promise<readonly (AnyObject | undefined)[] | MisconfiguredBinding | UnknownParamKind> {
  try {
    return await find(cluster, spec?.paramKind, binding.spec?.paramRef, namespace);
  } catch (error) {
    if (error instanceof MisconfiguredBinding || error instanceof UnknownParamKind) return error;
    throw error;
  }
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
