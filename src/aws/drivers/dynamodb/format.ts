import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { formatPlace, type Item, keyAttributes, number, numberOf } from './layout.ts';
import type { DynamoClient } from './sender.ts';
import { Table } from './table.ts';

/** The layout that this code reads and writes. A table without a format is of the first. */
export const tableFormat = 1;

export interface FormatOptions {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
}

/** Reads a table's format, and writes it where there is none yet. Throws an ApiError for a newer one. */
export async function checkFormat({ client, table: name, clock, ids }: FormatOptions): Promise<void> {
  const table = new Table(client, name, { clock, ids, attempts: 8 });
  const found = await table.get(formatPlace);
  if (!found) {
    const item: Item = { ...keyAttributes(formatPlace), format: number(tableFormat) };
    // Another process may have been first, of a newer version even.
    if (!(await table.putNew(item))) return checkFormat({ client, table: name, clock, ids });
    return;
  }
  const format = numberOf(found, 'format');
  if (format > tableFormat)
    throw new ApiError(
      'InternalError',
      `the table ${name} has format ${format}, newer than this version's ${tableFormat}: deploy a newer version of shallop`,
    );
}
