import type { Rules } from '../../schema/defaultRules.ts';
import type { MutatingWebhook, RuleWithOperations, ValidatingWebhook } from '../../schema/types.ts';
import type { Matching } from './policy/matchResources.ts';

/** A configuration lets everything be judged that its rules say, and a webhook that fails refuses it. */
function webhookDefaults(webhook: ValidatingWebhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
}

/** A policy that fails refuses the request. */
const policySpec = {
  adjust(spec: { failurePolicy?: string }) {
    spec.failurePolicy ??= 'Fail';
  },
};
const matchResources = {
  adjust(match: Matching) {
    match.matchPolicy ??= 'Equivalent';
    match.namespaceSelector ??= {};
    match.objectSelector ??= {};
  },
};
const rule = {
  adjust(rule: RuleWithOperations) {
    rule.scope ??= '*';
  },
};

export const admissionRegistrationDefaults: Rules = {
  ValidatingAdmissionPolicySpec: policySpec,
  MutatingAdmissionPolicySpec: policySpec,
  AdmissionregistrationV1alpha1MutatingAdmissionPolicySpec: policySpec,
  MatchResources: matchResources,
  AdmissionregistrationV1beta1MatchResources: matchResources,
  AdmissionregistrationV1alpha1MatchResources: matchResources,
  NamedRuleWithOperations: rule,
  AdmissionregistrationV1beta1NamedRuleWithOperations: rule,
  AdmissionregistrationV1alpha1NamedRuleWithOperations: rule,
  RuleWithOperations: rule,
  AdmissionregistrationV1alpha1ParamRef: { fields: { parameterNotFoundAction: 'Deny' } },
  ServiceReference: { fields: { port: 443 } },
  ValidatingWebhook: { adjust: webhookDefaults },
  MutatingWebhook: {
    adjust(webhook: MutatingWebhook) {
      webhookDefaults(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    },
  },
};
