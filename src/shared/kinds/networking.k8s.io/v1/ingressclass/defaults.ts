import type { Rules } from '../../../schema/defaultRules.ts';

export const ingressClassDefaults: Rules = {
  IngressClassParametersReference: { fields: { scope: 'Cluster' } },
};
