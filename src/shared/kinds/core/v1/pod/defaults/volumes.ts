import type { Rules } from '../../../../schema/defaultRules.ts';
import type { ImageVolumeSource, VolumeProjection } from '../../../../schema/types.ts';
import { isLatest } from './containers.ts';

/** 0644, as JSON has to write it. */
const readable = 0o644;

export const volumeDefaults: Rules = {
  Volume: {
    adjust(volume: object) {
      const hasSource = Object.keys(volume).some((field) => field !== 'name');
      if (!hasSource) Object.assign(volume, { emptyDir: {} });
    },
  },
  SecretVolumeSource: { fields: { defaultMode: readable } },
  ConfigMapVolumeSource: { fields: { defaultMode: readable } },
  DownwardAPIVolumeSource: { fields: { defaultMode: readable } },
  ServiceAccountTokenProjection: { fields: { expirationSeconds: 3600 } },
  // What a real server does not keep unless a feature is switched on.
  VolumeProjection: {
    adjust(projection: VolumeProjection) {
      delete projection.clusterTrustBundle;
      delete projection.podCertificate;
    },
  },
  ProjectedVolumeSource: { fields: { defaultMode: readable } },
  ImageVolumeSource: {
    fields: {
      pullPolicy: ({ reference }: ImageVolumeSource) =>
        isLatest(reference ?? '') ? 'Always' : 'IfNotPresent',
    },
  },
  HostPathVolumeSource: { fields: { type: '' } },
};
