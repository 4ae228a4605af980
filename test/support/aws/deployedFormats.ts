import { forkFormat, packedFormat } from '../../../src/aws/drivers/dynamodb/format.ts';
import type { DynamoClient } from '../../../src/aws/drivers/dynamodb/sender.ts';
import type { KnownTable } from '../../../src/aws/knownFormat.ts';
import { packingOf } from '../dynamodb/packing.ts';

/** A table of which a process knows, without having asked, whether it has the format in which log entries are packed. */
export const knownTable = (client: DynamoClient, packs: boolean): KnownTable => ({
  send: client.send.bind(client) as DynamoClient['send'],
  packs: () => packs,
  format: () => (packs ? packedFormat : forkFormat),
});

/** What each process of a history knows, as its seed says. */
export function formatsOf(seed: number): (client: DynamoClient, serial: number) => KnownTable {
  const packs = packingOf(seed);
  return (client, serial) => knownTable(client, packs(serial));
}
