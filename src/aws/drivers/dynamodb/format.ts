import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { Storage } from '../../../shared/ports/storage.ts';
import { passing } from '../../../shared/storage/decorators/passing.ts';
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

/**
 * Refuses a table that a newer version has written: every operation throws its format by name, before anything is read or
 * written. A process asks once, by one read.
 */
export function ofKnownFormat(inner: Storage, options: FormatOptions): Storage {
  let known: Promise<void> | undefined;
  const check = () => {
    known ??= checkFormat(options).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const after = async <T>(act: () => Promise<T>): Promise<T> => {
    await check();
    return act();
  };
  return {
    ...passing(inner),
    create: (key, build, index) => after(() => inner.create(key, build, index)),
    update: (key, expected, build, index) => after(() => inner.update(key, expected, build, index)),
    delete: (key, expected, last) => after(() => inner.delete(key, expected, last)),
    get: (key) => after(() => inner.get(key)),
    list: (scope, page) => after(() => inner.list(scope, page)),
    drop: (cluster) => after(() => inner.drop(cluster)),
    async *watch(scope, since, signal) {
      await check();
      yield* inner.watch(scope, since, signal);
    },
  };
}

/** Reads a table's format, and writes it where there is none yet. Throws an ApiError for a newer one. */
async function checkFormat({ client, table: name, clock, ids }: FormatOptions): Promise<void> {
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
