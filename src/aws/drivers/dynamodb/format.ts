import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { formatPlace, numberOf } from './layout.ts';
import type { DynamoClient } from './sender.ts';
import { Table } from './table.ts';

/** The layout of a table in which nobody ever made a fork, and of one without a format. */
export const plainFormat = 1;
/** With forks: versions that know none would overwrite what those show. The newest that this code reads and writes. */
export const tableFormat = 2;

export interface FormatOptions {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
  /** Is what the code reads and writes; default: it reads up to `tableFormat`, and begins with `plainFormat`. */
  format?: number;
}

/** Says that a newer version has written the table. No later request will find it otherwise. */
export class NewerFormat extends ApiError {
  constructor(table: string, found: number, format: number) {
    super(
      'InternalError',
      `the table ${table} has format ${found}, newer than this version's ${format}: deploy a newer version of shallop`,
    );
  }
}

/**
 * Reads a table's format, and writes what this version begins with where none or a lower one is, so that older versions refuse
 * what is written from now on.
 *
 * @throws NewerFormat
 */
export async function checkFormat(options: FormatOptions): Promise<void> {
  const { client, table: name, clock, ids, format = tableFormat } = options;
  const table = new Table(client, name, { clock, ids, attempts: 8 });
  const item = await table.get(formatPlace);
  const plain = options.format ?? plainFormat;
  const found = item ? numberOf(item, 'format') : 0;
  if (found > format) throw new NewerFormat(name, found, format);
  // Another process may have been first, of a newer version even.
  if (found < plain && !(await table.raise(formatPlace, 'format', plain))) return checkFormat(options);
}
