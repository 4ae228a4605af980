import type { Rules } from '../../../schema/defaultRules.ts';

export const storageClassDefaults: Rules = {
  StorageClass: { fields: { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' } },
};
