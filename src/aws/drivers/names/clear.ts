import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { type Api, change, recordsFrom } from './api.ts';
import { changesBetween } from './records.ts';

/** Removes every record of the zone but those that it cannot be without. */
export async function clearZone(api: Api): Promise<void> {
  const found: ResourceRecordSet[] = [];
  for await (const set of recordsFrom(api)) if (set.Type !== 'SOA' && set.Type !== 'NS') found.push(set);
  await change(api, changesBetween(found, []));
}
