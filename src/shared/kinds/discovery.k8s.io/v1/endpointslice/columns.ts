import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { shortList } from '../../../printing/lists.ts';
import type { EndpointSlice } from '../../../schema/types.ts';

export const columns: Column<EndpointSlice>[] = [
  nameColumn,
  column('AddressType', 'Kind of the addresses.', ({ addressType }) => addressType),
  column('Ports', 'Ports of every endpoint.', ({ ports }) =>
    shown((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)))),
  ),
  column('Endpoints', 'Addresses, ready or not.', ({ endpoints }) =>
    shown((endpoints ?? []).flatMap(({ addresses }) => addresses)),
  ),
  ageColumn,
];

const shown = (items: string[]): string => shortList(items) || '<unset>';
