import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { logPrefix } from '../../../src/aws/drivers/dynamodb/streamRecords.ts';
import { environment, functionName } from '../../../src/aws/names.ts';
import { emulatorEnvironment } from '../../../tools/emulator/ministack.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

export interface QueueStack {
  table: string;
  dynamo: DynamoDBClient;
  /** `name` as the deployment has it; `entry` is its file. */
  addFunction(name: string, entry: string): Promise<void>;
  /** Feeds a function from the table's stream, or from the queue. */
  feed(name: string, from: 'stream' | 'queue'): Promise<void>;
  invoke(name: string, event: object): Promise<unknown>;
}

/** Table with stream and queue behind an emulator, as infra/ makes them, without the CDK: seconds instead of a minute. */
export async function openQueueStack(endpoint: string, id: string): Promise<QueueStack> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint, region: 'us-east-1', credentials };
  const [dynamo, sqs, lambda] = [
    new DynamoDBClient(options),
    new SQSClient(options),
    new LambdaClient(options),
  ];
  const table = `objects-${id}`;
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${id}-work` }));
  const { Attributes: { QueueArn = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const variables = {
    ...emulatorEnvironment(endpoint),
    [environment.deployment]: id,
    [environment.table]: table,
    [environment.queue]: QueueUrl,
  };
  return {
    table,
    dynamo,
    async addFunction(name, entry) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: functionName(id, name),
          Runtime: 'nodejs24.x',
          Role: 'arn:aws:iam::000000000000:role/any',
          Handler: 'index.handler',
          Timeout: 60,
          MemorySize: 512,
          Code: { ZipFile: await bundle(join(repository, entry)) },
          Environment: { Variables: variables },
        }),
      );
    },
    async feed(name, from) {
      const stream = {
        EventSourceArn: Table?.LatestStreamArn ?? '',
        StartingPosition: 'TRIM_HORIZON' as const,
        BatchSize: 100,
        MaximumRecordAgeInSeconds: 60,
        FilterCriteria: {
          Filters: [
            {
              Pattern: JSON.stringify({
                eventName: ['INSERT'],
                dynamodb: { Keys: { pk: { S: [{ prefix: logPrefix }] } } },
              }),
            },
          ],
        },
      };
      const source = from === 'stream' ? stream : { EventSourceArn: QueueArn, BatchSize: 10 };
      await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: functionName(id, name),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...source,
        }),
      );
    },
    async invoke(name, event) {
      const command = new InvokeCommand({
        FunctionName: functionName(id, name),
        Payload: Buffer.from(JSON.stringify(event)),
      });
      const { Payload, FunctionError } = await lambda.send(command);
      const text = Buffer.from(Payload ?? []).toString();
      if (FunctionError) throw new Error(`${name}: ${text}`);
      return JSON.parse(text);
    },
  };
}

async function bundle(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['lmdb', '@peculiar/x509'],
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return zipSync({ 'index.mjs': outputFiles[0]!.contents });
}
