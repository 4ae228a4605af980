import { ownValue, table } from '../../../../meta/table.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../../../schema/types.ts';
import { nodeLabelWarnings } from '../pod/warnings/nodeLabels.ts';

const outdated: Record<string, string> = table({
  'volume.beta.kubernetes.io/storage-class':
    'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
});

/** Sources of volumes that no version mounts any more, in the order of upstream's words. */
const gone: [keyof PersistentVolumeSpec, string][] = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** Returns what a client is warned of when it writes a PersistentVolume. */
export function warnings({ metadata, spec = {} }: PersistentVolume): string[] {
  const annotations = metadata.annotations ?? {};
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...Object.entries(outdated).flatMap(([key, why]) =>
      ownValue(annotations, key) === undefined ? [] : [`metadata.annotations[${key}]: ${why}`],
    ),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...terms.flatMap(({ matchExpressions }, i) =>
      nodeLabelWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, { matchExpressions }),
    ),
    // In its words StorageOS is written as in Go.
    ...gone.flatMap(([source, why]) =>
      spec[source] ? [`spec.${source === 'storageos' ? 'storageOS' : source}: ${why}`] : [],
    ),
  ];
}
