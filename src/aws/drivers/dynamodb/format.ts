import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { formatPlace, type Item, keyAttributes, number, numberOf, resourcePlace } from './layout.ts';
import type { DynamoClient } from './sender.ts';
import { Table } from './table.ts';

/** The layout of a table in which nobody ever made a fork, and of one without a format. */
export const plainFormat = 1;
/** With forks: versions that know none would overwrite what those show. */
export const forkFormat = 2;
/** Log entries are packed with words that earlier versions do not know. */
export const packedFormat = 3;
/** The newest that this code reads and writes. */
export const tableFormat = packedFormat;

const hourMs = 60 * 60_000;
/** So long after a version that reads packed entries first met a table, no earlier one is at work any more. */
const patienceMs = 24 * hourMs;
/** Such a version writes this often at most that it is at work. */
const beatMs = hourMs;
/** Having written nothing for so long, it was taken back: schedules start processes more often than this. */
const goneMs = 6 * hourMs;

export interface FormatOptions {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
  /** Is what the code reads and writes; default: it reads up to `tableFormat`, and writes what the table has. */
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
 * Reads a table's format, and raises it where it should be higher, so that older versions refuse what is written from now on.
 * Answers what it is then.
 *
 * @throws NewerFormat
 */
export async function checkFormat(options: FormatOptions): Promise<number> {
  const { client, table: name, clock, ids, format = tableFormat } = options;
  const table = new Table(client, name, { clock, ids, attempts: 8 });
  const item = await table.get(formatPlace);
  const found = item ? numberOf(item, 'format') : 0;
  if (found > format) throw new NewerFormat(name, found, format);
  const wanted = options.format ?? (await wantedFor(table, found, item));
  // Another process may have been first, of a newer version even.
  if (found < wanted && !(await table.raise(formatPlace, 'format', wanted))) return checkFormat(options);
  return Math.max(found, wanted);
}

/**
 * A new table has the newest format. While an upgrade runs, functions of two versions share a table, and it may be taken back:
 * a table of an earlier format keeps that for a day, which begins again where the upgrade was taken back meanwhile.
 */
async function wantedFor(table: Table, found: number, item: Item | undefined): Promise<number> {
  if (found >= packedFormat) return found;
  if (!item) return (await isNew(table)) ? packedFormat : plainFormat;
  const now = table.clock.now();
  const [since, last] = [numberOf(item, 'packable'), numberOf(item, 'packableLast')];
  // Both are NaN where no such version has met the table.
  const isAtWork = now - since < goneMs || now - last < goneMs;
  if (isAtWork && now - since >= patienceMs) return packedFormat;
  if (!(now - last < beatMs)) await table.update(beatRequest(table.name, { since, last, now, isAtWork }));
  return found;
}

/** Every table that was ever written to has resources of the cluster `default`. */
async function isNew(table: Table): Promise<boolean> {
  const { items } = await table.page({ pk: resourcePlace('default', '').pk, limit: 1 });
  return items.length === 0;
}

/** Of the processes that found the same, the first one's beat is kept. */
const beatRequest = (
  table: string,
  { now, since, last, isAtWork }: { now: number; since: number; last: number; isAtWork: boolean },
): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(formatPlace),
  UpdateExpression: 'SET packable = :since, packableLast = :now',
  ConditionExpression: `attribute_exists(pk) AND ${Number.isNaN(last) ? 'attribute_not_exists(packableLast)' : 'packableLast = :last'}`,
  ExpressionAttributeValues: {
    ':since': number(isAtWork ? since : now),
    ':now': number(now),
    ...(!Number.isNaN(last) && { ':last': number(last) }),
  },
});
