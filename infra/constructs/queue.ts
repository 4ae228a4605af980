import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { mostTries, seconds } from '../../src/aws/names.ts';
import { queueNames, wrongFrom } from '../../src/aws/watched/index.ts';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';

/** What there is to do, for all controllers; and where waits for somebody to look what could not be done. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  /** Also of what never reached the queue: records of the stream, runs of the resync. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, { name, alarms }: { name: string; alarms: Alarms }) {
    super(scope, id);
    this.failed = new Queue(this, 'Failed', {
      queueName: queueNames.failed(name),
      ...usual,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.failed, { 'AwsSolutions-SQS3': 'It is a dead-letter queue itself.' });
    this.queue = new Queue(this, 'Queue', {
      queueName: queueNames.work(name),
      ...usual,
      visibilityTimeout: Duration.seconds(seconds.visibility),
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: mostTries },
    });
    alarms.on(this, 'SetAside', {
      metric: this.failed.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: wrongFrom.setAside,
      says: `${queueNames.failed(name)} holds what failed time after time.`,
      section: 'something-was-set-aside',
    });
    alarms.on(this, 'Old', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: wrongFrom.workWaitsSeconds,
      says: `Keys wait in ${queueNames.work(name)} for more than a quarter of an hour: controllers do not keep up.`,
      section: 'work-waits',
    });
  }
}

/** An example of a target: what nobody takes out of it is gone after a day. */
export function exampleQueue(scope: Construct, id: string, name: string): Queue {
  const queue = new Queue(scope, id, { queueName: name, ...usual, retentionPeriod: Duration.days(1) });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'Who receives from it decides what becomes of what fails.' });
  return queue;
}

/** What targets of rules did not take waits here for somebody to look. */
export function deadLetterQueue(scope: Construct, id: string, name: string): Queue {
  const queue = new Queue(scope, id, { queueName: name, ...usual, retentionPeriod: Duration.days(14) });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'It is a dead-letter queue itself.' });
  return queue;
}

const usual = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.DESTROY,
};
