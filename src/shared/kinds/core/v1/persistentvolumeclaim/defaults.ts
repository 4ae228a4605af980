import type { Rules } from '../../../schema/defaultRules.ts';

export const claimDefaults: Rules = {
  PersistentVolumeClaimSpec: { fields: { volumeMode: 'Filesystem' } },
};
