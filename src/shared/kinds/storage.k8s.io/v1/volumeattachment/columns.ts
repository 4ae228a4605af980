import type { Column } from '../../../kind.ts';
import { ageColumn, booleanColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { VolumeAttachment } from '../../../schema/types.ts';

export const columns: Column<VolumeAttachment>[] = [
  nameColumn,
  { ...column('Attacher', 'Who attaches the volume.', ({ spec }) => spec.attacher), format: 'name' },
  column('PV', 'The volume.', ({ spec }) => spec.source.persistentVolumeName ?? ''),
  column('Node', 'The node that it is attached to.', ({ spec }) => spec.nodeName),
  booleanColumn('Attached', 'Whether it is attached by now.', ({ status }) => status?.attached ?? false),
  ageColumn,
];
