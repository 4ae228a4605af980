import type { Column } from '../../../kind.ts';
import { createdAtColumn, nameColumn } from '../../../printing/columns.ts';
import type { CustomResourceDefinition } from '../../../schema/types.ts';

export const columns: Column<CustomResourceDefinition>[] = [nameColumn, createdAtColumn];
