import type { Rules } from './rules.ts';

/** 0644, as JSON has to write it. */
const readable = 0o644;

export const volumes: Rules = {
  Volume: {
    adjust(volume: object) {
      const hasSource = Object.keys(volume).some((field) => field !== 'name');
      if (!hasSource) Object.assign(volume, { emptyDir: {} });
    },
  },
  SecretVolumeSource: { fields: { defaultMode: readable } },
  ConfigMapVolumeSource: { fields: { defaultMode: readable } },
  DownwardAPIVolumeSource: { fields: { defaultMode: readable } },
  ProjectedVolumeSource: { fields: { defaultMode: readable } },
  ServiceAccountTokenProjection: { fields: { expirationSeconds: 3600 } },
  HostPathVolumeSource: { fields: { type: '' } },
  PersistentVolumeClaimSpec: { fields: { volumeMode: 'Filesystem' } },
};
