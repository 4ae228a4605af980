import type { Rules } from '../../../schema/defaultRules.ts';

export const endpointsDefaults: Rules = {
  EndpointPort: { fields: { protocol: 'TCP' } },
};
