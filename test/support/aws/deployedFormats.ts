import type { DynamoClient } from '../../../src/aws/drivers/dynamodb/sender.ts';
import type { KnownTable } from '../../../src/aws/knownFormat.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';

/** A table of which a process knows, without having asked, whether it has the format in which log entries are packed. */
export const knownTable = (client: DynamoClient, packs: boolean): KnownTable => ({
  send: client.send.bind(client) as DynamoClient['send'],
  packs: () => packs,
});

/**
 * What the processes of a history know, as its seed says: all of them that entries are packed; none, in a table of an earlier
 * format; or each something else, as while a table is raised.
 */
export function formatsOf(seed: number): (client: DynamoClient, serial: number) => KnownTable {
  const kind = seed % 3;
  const knows = (serial: number) => seededIds(seed * 1_000 + serial + 500).random() < 0.5;
  return (client, serial) => knownTable(client, kind === 0 || (kind === 1 && knows(serial)));
}
