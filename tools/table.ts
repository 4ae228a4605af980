import { setTimeout as passing } from 'node:timers/promises';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

const readyWithinMs = 10 * 60_000;

/**
 * Gives a restored table what a restore leaves out (stream, expiry, point-in-time recovery, protection), each unless it is
 * there, and answers the ARN of its stream. Throws when there is no such table, or it does not become ready.
 */
export async function prepareRestored(name: string, client = new DynamoDBClient({})): Promise<string> {
  const table = await active(client, name);
  if (!table.StreamSpecification?.StreamEnabled)
    await client.send(
      new UpdateTableCommand({
        TableName: name,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
  await active(client, name);
  if (!table.DeletionProtectionEnabled) await protect(name, true, client);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
  if (!/^ENABL/.test(TimeToLiveDescription?.TimeToLiveStatus ?? ''))
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      }),
    );
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const { LatestStreamArn } = await active(client, name);
  if (!LatestStreamArn) throw new Error(`the table ${name} has no stream, though it was asked for one`);
  return LatestStreamArn;
}

/** Switches the protection against deletion; false where there is no such table. */
export async function protect(
  TableName: string,
  DeletionProtectionEnabled: boolean,
  client = new DynamoDBClient({}),
): Promise<boolean> {
  try {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
    await active(client, TableName);
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return false;
    throw error;
  }
}

async function active(client: DynamoDBClient, TableName: string): Promise<TableDescription> {
  const until = Date.now() + readyWithinMs;
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
    if (Date.now() > until)
      throw new Error(`the table ${TableName} is ${Table?.TableStatus} for ten minutes`);
    await passing(2_000);
  }
}
