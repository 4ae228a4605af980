import type { PersistentVolumeClaim } from '../../../schema/types.ts';
import { fractional } from '../pod/warnings/containers.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** Returns what a client is warned of when it writes a PersistentVolumeClaim. */
export const warnings = ({ metadata, spec }: PersistentVolumeClaim): string[] => [
  ...(metadata.annotations?.[classAnnotation] === undefined
    ? []
    : [
        `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`,
      ]),
  ...fractional('spec.resources.requests', spec?.resources?.requests, ['storage']),
  ...fractional('spec.resources.limits', spec?.resources?.limits, ['storage']),
];
