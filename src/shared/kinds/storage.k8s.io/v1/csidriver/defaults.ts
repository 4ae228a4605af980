import type { Rules } from '../../../schema/defaultRules.ts';
import type { CSIDriverSpec } from '../../../schema/types.ts';

export const csiDriverDefaults: Rules = {
  CSIDriverSpec: {
    adjust(spec: CSIDriverSpec) {
      if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
    },
    fields: {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
    },
  },
};
