import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import type { Change } from '../../../shared/ports/storage.ts';
import { separator } from '../../../shared/storage/log/keys.ts';
import { type Item, numberOf, textOf } from './layout.ts';
import type { DynamoClient } from './sender.ts';
import { Table } from './table.ts';

/** Is what a filter on a stream lets through: log entries, and of those only their arrival. */
export const logPrefix = `log${separator}`;

/** A change of the log as a stream record carries it, and when it was written (milliseconds since the epoch). */
export interface StreamedChange {
  change: Change;
  at: number;
}

/**
 * Reads changes from the new images of a table's stream. Undefined for what is no change: other items, tombstones,
 * the end of a cluster, and entries whose chunks have expired. Records of one resource may come out of order.
 */
export function streamReader(options: { client: DynamoClient; table: string; clock: Clock; ids: Ids }) {
  const { client, table: name, clock, ids } = options;
  const table = new Table(client, name, { clock, ids, attempts: 8 });
  return async (image: Item): Promise<StreamedChange | undefined> => {
    const pk = textOf(image, 'pk');
    if (!pk.startsWith(logPrefix)) return undefined;
    const entry = await table.entry(pk.slice(logPrefix.length), image);
    return entry?.change && { change: entry.change, at: numberOf(image, 'at') };
  };
}
