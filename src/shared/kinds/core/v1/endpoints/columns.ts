import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { shortList } from '../../../printing/lists.ts';
import type { EndpointSubset, Endpoints } from '../../../schema/types.ts';
import { isIPv6 } from '../../../validation/ipSyntax.ts';

export const columns: Column<Endpoints>[] = [
  nameColumn,
  column('Endpoints', 'Ready addresses.', ({ subsets }) =>
    subsets?.length ? shortList(subsets.flatMap(addressesOf)) : '<none>',
  ),
  ageColumn,
];

/** Each address with each port; a headless Service may have no port. */
function addressesOf({ addresses = [], ports = [] }: EndpointSubset): string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) => addresses.map(({ ip }) => `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`));
}
