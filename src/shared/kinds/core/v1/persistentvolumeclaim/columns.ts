import type { Column } from '../../../kind.ts';
import { accessModesText } from '../../../printing/accessModes.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import type { PersistentVolumeClaim } from '../../../schema/types.ts';

export const columns: Column<PersistentVolumeClaim>[] = [
  nameColumn,
  column('Status', 'Pending, Bound, Lost or Terminating.', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  column('Volume', 'The volume it is bound to.', ({ spec }) => spec?.volumeName ?? ''),
  column('Capacity', 'Size of that volume.', ({ spec, status }) =>
    spec?.volumeName ? (status?.capacity?.storage ?? '0') : '',
  ),
  column('Access Modes', 'How that volume may be mounted.', ({ spec, status }) =>
    spec?.volumeName ? accessModesText(status?.accessModes) : '',
  ),
  column(
    'StorageClass',
    'The class it asks for.',
    ({ metadata, spec }) => metadata.annotations?.[betaClass] ?? spec?.storageClassName ?? '',
  ),
  column(
    'VolumeAttributesClass',
    'Class of attributes that may change.',
    ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>',
  ),
  ageColumn,
  wideColumn('VolumeMode', 'Filesystem or Block.', ({ spec }) => spec?.volumeMode ?? '<unset>'),
];

const betaClass = 'volume.beta.kubernetes.io/storage-class';
