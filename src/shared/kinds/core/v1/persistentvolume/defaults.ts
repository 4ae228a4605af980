import type { Rules } from '../../../schema/defaultRules.ts';

export const persistentVolumeDefaults: Rules = {
  PersistentVolumeSpec: {
    fields: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
  },
};
