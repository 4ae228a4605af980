import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';

/** Longer than a function that reads from it may take, and not much: a failed key is looked at again after this. */
export const visibility = Duration.seconds(90);
const maxReceives = 8;

/** Keys to reconcile; what fails time after time is set aside and raises an alarm. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { name, alarms }: { name: string; alarms: Alarms }) {
    super(scope, id);
    const failed = deadLetterQueue(this, 'Failed', { name: `${name}-failed`, alarms });
    this.queue = new Queue(this, 'Queue', {
      queueName: name,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: visibility,
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: failed, maxReceiveCount: maxReceives },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    alarms.on(this, 'Old', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: 15 * 60,
      says: `Keys wait in ${name} for more than a quarter of an hour: controllers do not keep up.`,
    });
  }
}

/** Where what could not be processed waits for somebody to look; anything in it raises the alarm. */
export function deadLetterQueue(
  scope: Construct,
  id: string,
  { name, alarms }: { name: string; alarms: Alarms },
): Queue {
  const queue = new Queue(scope, id, {
    queueName: name,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'It is a dead-letter queue itself.' });
  alarms.on(scope, `${id}Filled`, {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
    threshold: 1,
    says: `${name} holds what failed time after time. Look at it, then redrive it (docs/aws.md).`,
  });
  return queue;
}
