import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { separator } from '../../../shared/storage/log/keys.ts';
import { keyAttributes, number, type Place, text } from './layout.ts';
import { type DynamoClient, isConditionFailed, persist } from './sender.ts';

/** Describes which names have a delayed message under way, for every process that shares the table. */
export interface TimerTable {
  /** False when one is under way that comes no later than `at` (milliseconds since the epoch). */
  claim(name: string, at: number): Promise<boolean>;
  /** What was claimed for `at` will not come. */
  release(name: string, at: number): Promise<void>;
}

/** DynamoDB removes what is long past. */
const keepMs = 3_600_000;

export function openTimers(options: {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
}): TimerTable {
  const { client, table, clock, ids } = options;
  const sender = { clock, ids, attempts: 8 };
  const holds = async (request: UpdateItemCommandInput): Promise<boolean> => {
    try {
      await persist(sender, () => client.send(new UpdateItemCommand(request)));
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };
  return {
    claim: (name, at) => holds(claimRequest(table, name, { at, now: clock.now(), holder: ids.uid() })),
    release: async (name, at) => void (await holds(releaseRequest(table, name, at))),
  };
}

const timerPlace = (name: string): Place => ({ pk: `timer${separator}${name}`, sk: '-' });

/** Free, or past, or later than what is wanted now; or ours, when the answer to the same request was lost. */
const claimRequest = (
  table: string,
  name: string,
  { at, now, holder }: { at: number; now: number; holder: string },
): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(timerPlace(name)),
  UpdateExpression: 'SET due = :at, holder = :holder, expires = :expires',
  ConditionExpression: 'attribute_not_exists(due) OR due <= :now OR due > :at OR holder = :holder',
  ExpressionAttributeValues: {
    ':at': number(at),
    ':now': number(now),
    ':holder': text(holder),
    ':expires': number(Math.ceil((at + keepMs) / 1_000)),
  },
});

const releaseRequest = (table: string, name: string, at: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(timerPlace(name)),
  UpdateExpression: 'SET due = :never',
  ConditionExpression: 'due = :at',
  ExpressionAttributeValues: { ':at': number(at), ':never': number(0) },
});
