import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { Namespace } from '../../../schema/types.ts';

export const columns: Column<Namespace>[] = [
  nameColumn,
  column('Status', 'Active or Terminating.', ({ status }) => status?.phase ?? ''),
  ageColumn,
];
