import type { Rules } from '../../schema/defaultRules.ts';
import type {
  MatchResources,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicySpec,
} from '../../schema/types.ts';

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
};
