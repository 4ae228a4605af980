import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { ConfigMap } from '../../../schema/types.ts';

export const columns: Column<ConfigMap>[] = [
  nameColumn,
  column('Data', 'How many keys there are.', ({ data, binaryData }) => size(data) + size(binaryData)),
  ageColumn,
];

const size = (map: object | undefined): number => Object.keys(map ?? {}).length;
