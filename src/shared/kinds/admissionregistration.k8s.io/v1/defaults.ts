import type { Rules } from '../../schema/defaultRules.ts';
import type {
  MatchResources,
  MutatingWebhook,
  NamedRuleWithOperations,
  RuleWithOperations,
  ValidatingAdmissionPolicySpec,
  ValidatingWebhook,
} from '../../schema/types.ts';

/** A configuration lets everything be judged that its rules say, and a webhook that fails refuses it. */
function webhookDefaults(webhook: ValidatingWebhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
}

export const admissionRegistrationDefaults: Rules = {
  ValidatingAdmissionPolicySpec: {
    adjust(spec: ValidatingAdmissionPolicySpec) {
      spec.failurePolicy ??= 'Fail';
    },
  },
  MatchResources: {
    adjust(match: MatchResources) {
      match.matchPolicy ??= 'Equivalent';
      match.namespaceSelector ??= {};
      match.objectSelector ??= {};
    },
  },
  NamedRuleWithOperations: {
    adjust(rule: NamedRuleWithOperations) {
      rule.scope ??= '*';
    },
  },
  RuleWithOperations: {
    adjust(rule: RuleWithOperations) {
      rule.scope ??= '*';
    },
  },
  ServiceReference: { fields: { port: 443 } },
  ValidatingWebhook: { adjust: webhookDefaults },
  MutatingWebhook: {
    adjust(webhook: MutatingWebhook) {
      webhookDefaults(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    },
  },
};
