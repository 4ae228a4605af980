import type { Rules } from '../../../schema/defaultRules.ts';
import type { ResourceQuotaSpec, ResourceQuotaStatus } from '../../../schema/types.ts';
import { roundUp } from '../pod/defaults/containers.ts';

export const resourceQuotaDefaults: Rules = {
  ResourceQuotaSpec: {
    adjust: ({ hard }: ResourceQuotaSpec) => roundUp(hard),
  },
  ResourceQuotaStatus: {
    adjust({ hard, used }: ResourceQuotaStatus) {
      roundUp(hard);
      roundUp(used);
    },
  },
};
