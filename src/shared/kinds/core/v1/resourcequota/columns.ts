import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { ResourceQuota } from '../../../schema/types.ts';

export const columns: Column<ResourceQuota>[] = [
  nameColumn,
  column('Request', 'What is used of what may be requested.', (quota) => amounts(quota, false)),
  column('Limit', 'What is used of what limits may be in all.', (quota) => amounts(quota, true)),
  ageColumn,
];

const amounts = ({ status: { hard = {}, used = {} } = {} }: ResourceQuota, ofLimits: boolean): string =>
  Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === ofLimits)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ');
