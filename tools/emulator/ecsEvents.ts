import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { TaskRecord } from './ecsTask.ts';

const times = [
  'createdAt',
  'startedAt',
  'stoppedAt',
  'stoppingAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
];

/** An `ECS Task State Change` as EventBridge puts it into a queue: ISO times, no tags, no nulls. */
function taskStateChange(task: TaskRecord): Record<string, unknown> {
  const { tags: _, containerInstanceArn: __, ...detail } = task;
  for (const name of times)
    if (typeof detail[name] === 'number')
      detail[name] = new Date((detail[name] as number) * 1000).toISOString();
  const [, , , region, account] = task.taskArn.split(':');
  const now = new Date().toISOString();
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account,
    time: now,
    region,
    resources: [task.taskArn],
    detail: {
      ...detail,
      attachments: (detail.attachments as object[]).map((attachment) => ({ ...attachment, type: 'eni' })),
      updatedAt: now,
    },
  };
}

/**
 * Sends task events to where the deployment's rule would: the queue of its work, which is named after the cluster.
 * EventBridge keeps no order and may say things twice; here they come in order, once.
 */
export function deliverer(endpoint: string): (task: TaskRecord) => void {
  const sqs = new SQSClient({
    endpoint,
    region: process.env.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const urls = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const name = `${task.taskArn.split('/')[1]}-work`;
    const url =
      urls.get(name) ?? sqs.send(new GetQueueUrlCommand({ QueueName: name })).then((q) => q.QueueUrl);
    urls.set(name, url);
    const MessageBody = JSON.stringify(taskStateChange(task));
    last = last
      .then(async () => sqs.send(new SendMessageCommand({ QueueUrl: await url, MessageBody })))
      // A destroyed deployment has no queue: nobody is to be told.
      .catch(() => urls.delete(name));
  };
}
