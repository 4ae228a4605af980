import type { Rules } from '../../../schema/defaultRules.ts';
import type { Endpoint } from '../../../schema/types.ts';

export const endpointSliceDefaults: Rules = {
  Endpoint: {
    adjust(endpoint: Endpoint) {
      delete endpoint.deprecatedTopology;
    },
  },
  DiscoveryV1EndpointPort: { fields: { name: '', protocol: 'TCP' } },
};
