import { gunzipSync, gzipSync } from 'node:zlib';
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { separator } from '../../../shared/storage/log/keys.ts';
import type { Kept, Ledger, ServiceName } from '../names/ledger.ts';
import { bytes, type Item, keyAttributes, type Place, text, textOf } from './layout.ts';
import { getRequest, queryRequest } from './requests.ts';
import { type DynamoClient, isConditionFailed, persist } from './sender.ts';

export interface LedgerOptions {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
}

const pk = `names${separator}route53`;
const place = ({ cluster, namespace, name }: ServiceName): Place => ({
  pk,
  sk: [cluster, namespace, name].join(separator),
});

/** The ledger of names in the table of the objects: an item for each Service, which no log tells of. */
export function openNameLedger({ client, table, clock, ids }: LedgerOptions): Ledger {
  const sender = { clock, ids, attempts: 8 };
  const unlessRaced = async (write: () => Promise<unknown>): Promise<boolean> => {
    try {
      await persist(sender, write);
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };
  return {
    async read(service) {
      const request = getRequest(table, place(service));
      const { Item: item } = await persist(sender, () => client.send(new GetItemCommand(request)));
      return item && keptIn(item);
    },
    async all() {
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const request = queryRequest(table, { pk }, start);
        const page: QueryCommandOutput = await persist(sender, () => client.send(new QueryCommand(request)));
        items.push(...(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start);
      return items.map((item) => {
        const [cluster = '', namespace = '', name = ''] = textOf(item, 'sk').split(separator);
        const kept = keptIn(item);
        return { ref: { cluster, namespace, name, uid: kept.uid }, kept };
      });
    },
    async write(service, entry, before) {
      const version = ids.uid();
      const { uid, sets } = entry;
      const item: Item = {
        ...keyAttributes(place(service)),
        uid: text(uid),
        version: text(version),
        ...(sets && { sets: bytes(gzipSync(JSON.stringify(sets), { level: 1 })) }),
      };
      // Ours, when the answer to the same request was lost.
      const condition = before
        ? 'version = :before OR version = :mine'
        : 'attribute_not_exists(pk) OR version = :mine';
      const values = { ':mine': text(version), ...(before && { ':before': text(before.version) }) };
      const done = await unlessRaced(() =>
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: condition,
            ExpressionAttributeValues: values,
          }),
        ),
      );
      return done ? { ...entry, version } : undefined;
    },
    erase: (service, { version }) =>
      unlessRaced(() =>
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: keyAttributes(place(service)),
            ConditionExpression: 'attribute_not_exists(pk) OR version = :version',
            ExpressionAttributeValues: { ':version': text(version) },
          }),
        ),
      ),
  };
}

const keptIn = (item: Item): Kept => ({
  uid: textOf(item, 'uid'),
  version: textOf(item, 'version'),
  ...(item.sets?.B && { sets: JSON.parse(gunzipSync(item.sets.B).toString()) }),
});
