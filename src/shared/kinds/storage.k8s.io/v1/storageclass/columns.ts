import { ownValue } from '../../../../meta/table.ts';
import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { StorageClass } from '../../../schema/types.ts';

export const columns: Column<StorageClass>[] = [
  {
    ...nameColumn,
    value: ({ metadata }) => `${metadata.name ?? ''}${isDefault(metadata.annotations) ? ' (default)' : ''}`,
  },
  column('Provisioner', 'What makes its volumes.', ({ provisioner }) => provisioner ?? ''),
  column('ReclaimPolicy', 'What becomes of a volume without its claim.', (c) => c.reclaimPolicy ?? 'Delete'),
  column(
    'VolumeBindingMode',
    'When a volume is made: with the claim, or with the first Pod that uses it.',
    (c) => c.volumeBindingMode ?? 'Immediate',
  ),
  column(
    'AllowVolumeExpansion',
    'Whether a claim may ask for more later.',
    (c) => c.allowVolumeExpansion ?? false,
  ),
  ageColumn,
];

const isDefault = (annotations: Record<string, string> = {}) =>
  ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(
    (name) => ownValue(annotations, name) === 'true',
  );
