import type { Rules } from '../../../schema/defaultRules.ts';
import type { NetworkPolicySpec } from '../../../schema/types.ts';

export const networkPolicyDefaults: Rules = {
  NetworkPolicyPort: { fields: { protocol: 'TCP' } },
  NetworkPolicySpec: {
    adjust: (spec: NetworkPolicySpec) => {
      if (spec.policyTypes?.length) return;
      spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
    },
  },
};
