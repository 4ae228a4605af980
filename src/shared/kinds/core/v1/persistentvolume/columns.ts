import type { Column } from '../../../kind.ts';
import { accessModesText } from '../../../printing/accessModes.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import type { PersistentVolume } from '../../../schema/types.ts';

export const columns: Column<PersistentVolume>[] = [
  nameColumn,
  column('Capacity', 'Its size.', ({ spec }) => spec?.capacity?.storage ?? '0'),
  column('Access Modes', 'How it may be mounted.', ({ spec }) => accessModesText(spec?.accessModes)),
  column(
    'Reclaim Policy',
    'What becomes of it without its claim.',
    ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '',
  ),
  column('Status', 'Available, Bound, Released, Failed or Terminating.', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  column('Claim', 'The claim it is bound to.', ({ spec }) =>
    spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
  ),
  column(
    'StorageClass',
    'Its class.',
    ({ metadata, spec }) => metadata.annotations?.[betaClass] ?? spec?.storageClassName ?? '',
  ),
  column(
    'VolumeAttributesClass',
    'Class of attributes that may change.',
    ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>',
  ),
  column('Reason', 'Why it failed.', ({ status }) => status?.reason ?? ''),
  ageColumn,
  wideColumn('VolumeMode', 'Filesystem or Block.', ({ spec }) => spec?.volumeMode ?? '<unset>'),
];

const betaClass = 'volume.beta.kubernetes.io/storage-class';
