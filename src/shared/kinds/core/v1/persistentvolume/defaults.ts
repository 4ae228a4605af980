import type { Rules } from '../../../schema/defaultRules.ts';
import type { PersistentVolume } from '../../../schema/types.ts';

export const persistentVolumeDefaults: Rules = {
  // Only for volumes themselves: an inline volume in a VolumeAttachment has no defaults.
  PersistentVolume: {
    adjust({ spec }: PersistentVolume) {
      if (!spec) return;
      spec.persistentVolumeReclaimPolicy ||= 'Retain';
      spec.volumeMode ??= 'Filesystem';
    },
  },
};
