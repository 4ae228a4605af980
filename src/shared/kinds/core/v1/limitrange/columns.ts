import type { Column } from '../../../kind.ts';
import { createdAtColumn, nameColumn } from '../../../printing/columns.ts';
import type { LimitRange } from '../../../schema/types.ts';

export const columns: Column<LimitRange>[] = [nameColumn, createdAtColumn];
