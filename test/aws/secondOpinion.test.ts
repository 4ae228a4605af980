import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { askSts } from '../../src/aws/askSts.ts';
import { iamTokens } from '../../src/shared/auth/iam/authenticator.ts';
import { presignedToken } from '../../src/shared/auth/iam/presign.ts';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { openEventBus } from '../../src/shared/cloud/aws/bus/index.ts';
import { openKmsKeys } from '../../src/shared/cloud/aws/kms/index.ts';
import { readStream } from '../../src/shared/cloud/aws/pods/logs.ts';
import { openQueue } from '../../src/shared/cloud/aws/queues/index.ts';
import { openReceived } from '../../src/shared/cloud/aws/queues/received.ts';
import { openSender } from '../../src/shared/cloud/aws/sender.ts';
import type { LogOptions } from '../../src/shared/cloud/provider.ts';
import { noLocalStack, startLocalStack } from '../../tools/localstack.ts';
import type { Emulator } from '../../tools/ministack.ts';
import { secretVaultContract } from '../contract/secretVault.ts';
import { secretVaultAt } from '../contract/secretVaultAws.ts';
import { freePort } from '../support/freePort.ts';

// The first call of a service loads it.
jest.setTimeout(60_000);

const missing = process.env.SHALLOP_AWS_TESTS ? noLocalStack() : 'SHALLOP_AWS_TESTS=1 is not set';
const parts = { clock: systemClock, ids: randomIds };
const region = 'us-east-1';

(missing ? describe.skip : describe)(`drivers before LocalStack${missing ? `: ${missing}` : ''}`, () => {
  let emulator: Emulator;
  let folder: string;
  let accounts = 200_000_000_000;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-localstack-'));
    emulator = await startLocalStack({ port: await freePort(), run: folder });
  }, 300_000);
  afterAll(() => {
    emulator?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** How to reach an account in which there is nothing. */
  const account = () => ({
    endpoint: emulator.endpoint,
    region,
    credentials: { accessKeyId: String(++accounts), secretAccessKey: 'test' },
  });

  secretVaultContract('aws', () => secretVaultAt(new SecretsManagerClient(account())));

  describe('data keys of KMS', () => {
    const open = async () => {
      const client = new KMSClient(account());
      const keyId = (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
      return { keyId, keys: (deployment: string) => openKmsKeys({ ...parts, client, keyId, deployment }) };
    };

    test('open for their deployment only', async () => {
      const { keyId, keys } = await open();
      const { secret, wrapped } = await keys('dev').generate();
      expect(secret).toHaveLength(32);
      expect(await keys('dev').unwrap(wrapped, keyId)).toEqual(secret);
      await expect(keys('other').unwrap(wrapped, keyId)).rejects.toMatchObject({ reason: 'BadRequest' });
    });

    test('do not open when they were changed', async () => {
      const { keyId, keys } = await open();
      const { wrapped } = await keys('dev').generate();
      const changed = Uint8Array.from(wrapped);
      changed[changed.length - 1]! ^= 1;
      await expect(keys('dev').unwrap(changed, keyId)).rejects.toMatchObject({ reason: 'BadRequest' });
    });
  });

  // It does not check signatures: to whom that matters is tested elsewhere.
  test.each([
    { creator: 'root', is: 'kubernetes-admin' },
    { creator: 'user/somebody-else', is: undefined },
  ])('where the cluster is that of $creator, who is root for STS is $is', async ({ creator, is }) => {
    const clusterId = 'here';
    const verify = iamTokens({
      clusterId,
      region,
      clock: systemClock,
      ask: askSts(emulator.endpoint),
      refused: () => {},
      creatorArn: `arn:aws:iam::000000000000:${creator}`,
      entries: [],
      awsAuth: async () => ({ principals: [], accounts: [] }),
    });
    const { credentials } = account();
    const token = presignedToken({ credentials, region, clusterId, now: Date.now() });
    expect((await verify(token, 'default'))?.name).toBe(is);
  });

  /** A queue, and what comes out of it until there is as much as that. */
  const queueIn = async (where: ReturnType<typeof account>) => {
    const client = new SQSClient(where);
    const { QueueUrl: url = '' } = await client.send(new CreateQueueCommand({ QueueName: 'work' }));
    const receive = async (least: number) => {
      const got: Message[] = [];
      for (let asked = 0; got.length < least && asked < 20; asked++) {
        const request = {
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          VisibilityTimeout: 30,
          MessageAttributeNames: ['All'],
        };
        got.push(...((await client.send(new ReceiveMessageCommand(request))).Messages ?? []));
      }
      return got;
    };
    return { client, url, receive };
  };

  test('SQS takes messages in batches, gives delayed ones later, and hidden ones when they are due', async () => {
    const { client, url, receive } = await queueIn(account());
    const queue = openQueue({ ...parts, client, url });
    const bodies = Array.from({ length: 25 }, (_, i) => String(i));
    expect(await queue.send([{ body: 'late', attributes: { group: 'pods' }, delayMs: 2500 }])).toEqual([]);
    expect(await queue.send(bodies.map((body) => ({ body })))).toEqual([]);
    const got = await receive(25);
    expect(got.map(({ Body }) => Body).sort()).toEqual([...bodies].sort());
    const [late] = await receive(1);
    expect(late?.Body).toBe('late');
    expect(late?.MessageAttributes?.group?.StringValue).toBe('pods');
    await openReceived({ ...parts, client, url }).hide(late?.ReceiptHandle ?? '', 0);
    expect((await receive(1)).map(({ Body }) => Body)).toEqual(['late']);
  });

  test('EventBridge brings events of a bus where a rule says', async () => {
    const where = account();
    const { url, receive } = await queueIn(where);
    const client = new EventBridgeClient(where);
    await client.send(new CreateEventBusCommand({ Name: 'changes' }));
    const rule = { EventBusName: 'changes', Name: 'deployments' };
    const pattern = { source: ['shallop.k8s'], 'detail-type': ['Deployment ADDED'] };
    await client.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
    const Arn = `arn:aws:sqs:${region}:${where.credentials.accessKeyId}:${url.split('/').at(-1)}`;
    const { EventBusName, Name: Rule } = rule;
    await client.send(new PutTargetsCommand({ EventBusName, Rule, Targets: [{ Id: 'queue', Arn }] }));
    const bus = openEventBus({ ...parts, client, bus: 'changes' });
    const events = Array.from({ length: 12 }, (_, i) => ({
      source: 'shallop.k8s',
      detailType: i === 5 ? 'Deployment ADDED' : 'Pod ADDED',
      detail: JSON.stringify({ n: i }),
      time: Date.now(),
    }));
    expect(await bus.put(events)).toEqual([]);
    const got = (await receive(1)).map(({ Body = '' }) => JSON.parse(Body));
    expect(got).toMatchObject([
      { source: 'shallop.k8s', 'detail-type': 'Deployment ADDED', detail: { n: 5 } },
    ]);
  });

  describe('output of containers in CloudWatch Logs', () => {
    const start = Math.floor(Date.now() / 1000) * 1000 - 60_000;
    const group = { logGroupName: '/pods' };
    const stream = { ...group, logStreamName: 'pod/c/t' };
    let client: CloudWatchLogsClient;
    beforeAll(async () => {
      client = new CloudWatchLogsClient(account());
      await client.send(new CreateLogGroupCommand(group));
      await client.send(new CreateLogStreamCommand(stream));
      const logEvents = Array.from({ length: 8 }, (_, i) => ({
        timestamp: start + i * 1000,
        message: `line ${i}`,
      }));
      await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    }, 60_000);

    const read = async (options: LogOptions, name = stream.logStreamName) => {
      const reader = { logs: client, group: '/pods', clock: systemClock, send: openSender(parts) };
      let text = '';
      for await (const chunk of readStream(reader, name, options, async () => true))
        text += Buffer.from(chunk).toString();
      return text.split('\n').slice(0, -1);
    };
    const lines = (from: number, to = 8) => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

    test.each<[string, LogOptions, string[]]>([
      ['all of it', {}, lines(0)],
      ['its last lines', { tailLines: 3 }, lines(5)],
      ['more than there is', { tailLines: 50 }, lines(0)],
      ['since a time', { sinceMs: start + 6000 }, lines(6)],
      ['followed to the end of the container', { follow: true, tailLines: 2 }, lines(6)],
    ])('%s', async (_, options, wanted) => expect(await read(options)).toEqual(wanted));

    test('with times', async () => {
      const [last] = await read({ tailLines: 1, timestamps: true });
      expect(last).toBe(`${new Date(start + 7000).toISOString().replace('.000Z', '.000000000Z')} line 7`);
    });

    test('before its first line there is none', async () =>
      expect(await read({}, 'pod/c/later')).toEqual([]));
  });
});
