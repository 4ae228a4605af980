import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { openEventBus } from '../../../src/aws/drivers/bus/index.ts';
import { openQueue } from '../../../src/aws/drivers/queues/index.ts';
import { openReceived } from '../../../src/aws/drivers/queues/received.ts';
import { type Account, region } from './account.ts';
import { driverParts } from './driverClients.ts';

/** Queues, and the bus that fills them. */
export function queueTests(account: () => Account): void {
  test('SQS takes messages in batches, gives delayed ones later, and hidden ones when they are due', async () => {
    const { client, url, receive } = await queueIn(account());
    const queue = openQueue({ ...driverParts, client, url });
    const bodies = Array.from({ length: 25 }, (_, i) => String(i));
    expect(await queue.send([{ body: 'late', attributes: { group: 'pods' }, delayMs: 2500 }])).toEqual([]);
    expect(await queue.send(bodies.map((body) => ({ body })))).toEqual([]);
    const got = await receive(25);
    expect(got.map(({ Body }) => Body).sort()).toEqual([...bodies].sort());
    const [late] = await receive(1);
    expect(late?.Body).toBe('late');
    expect(late?.MessageAttributes?.group?.StringValue).toBe('pods');
    await openReceived({ ...driverParts, client, url }).hide(late?.ReceiptHandle ?? '', 0);
    expect((await receive(1)).map(({ Body }) => Body)).toEqual(['late']);
  });

  test('EventBridge brings events of a bus where a rule says', async () => {
    const where = account();
    const { url, receive } = await queueIn(where);
    const client = where.open(EventBridgeClient);
    await client.send(new CreateEventBusCommand({ Name: 'changes' }));
    const rule = { EventBusName: 'changes', Name: 'deployments' };
    const pattern = { source: ['shallop.k8s'], 'detail-type': ['Deployment ADDED'] };
    await client.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
    const Arn = `arn:aws:sqs:${region}:${where.id}:${url.split('/').at(-1)}`;
    const { EventBusName, Name: Rule } = rule;
    await client.send(new PutTargetsCommand({ EventBusName, Rule, Targets: [{ Id: 'queue', Arn }] }));
    const bus = openEventBus({ ...driverParts, client, bus: 'changes' });
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
}

/** A queue, and what comes out of it until there is as much as that. */
const queueIn = async (account: Account) => {
  const client = account.open(SQSClient);
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
