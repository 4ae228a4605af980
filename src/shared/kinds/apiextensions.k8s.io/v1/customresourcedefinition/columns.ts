import type { Column } from '../../../kind.ts';
import { column, nameColumn } from '../../../printing/columns.ts';
import type { CustomResourceDefinition } from '../../../schema/types.ts';

export const columns: Column<CustomResourceDefinition>[] = [
  nameColumn,
  {
    ...column(
      'Created At',
      'When the definition was created.',
      ({ metadata }) => metadata.creationTimestamp ?? '',
    ),
    type: 'date',
  },
];
