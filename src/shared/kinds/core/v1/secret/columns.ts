import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { Secret } from '../../../schema/types.ts';

export const columns: Column<Secret>[] = [
  nameColumn,
  column('Type', 'What the keys mean.', ({ type }) => type ?? ''),
  column('Data', 'How many keys there are.', ({ data }) => Object.keys(data ?? {}).length),
  ageColumn,
];
