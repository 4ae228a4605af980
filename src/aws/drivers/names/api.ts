import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import type { Sender } from '../sender.ts';
import { batches } from './records.ts';

/** Describes what the parts of this driver send with. */
export interface Api {
  client: Pick<Route53Client, 'send'>;
  zoneId: string;
  send: Sender;
}

/** All of the zone, or from a name on, in the order of names read from their end. */
export async function* recordsFrom(
  { client, zoneId, send }: Api,
  name?: string,
): AsyncGenerator<ResourceRecordSet> {
  let start: { StartRecordName?: string; StartRecordType?: ResourceRecordSet['Type'] } = {
    StartRecordName: name,
  };
  for (;;) {
    const request = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: 300, ...start });
    const answer = await send('ListResourceRecordSets', () => client.send(request));
    yield* answer.ResourceRecordSets ?? [];
    if (!answer.IsTruncated) return;
    start = { StartRecordName: answer.NextRecordName, StartRecordType: answer.NextRecordType };
  }
}

/** In as few requests as there may be, each of which is done as a whole or not at all. */
export async function change({ client, zoneId, send }: Api, changes: Change[]): Promise<void> {
  for (const Changes of batches(changes)) {
    const request = new ChangeResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ChangeBatch: { Changes },
    });
    await send('ChangeResourceRecordSets', () => client.send(request));
  }
}
