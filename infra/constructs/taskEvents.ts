import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { taskEventType } from '../../src/aws/names.ts';
import type { Cluster } from './cluster.ts';

/** What a task or one of its containers is when there is something to tell of a Pod (`tells` in drivers/pods/identity.ts). */
const told = ['RUNNING', 'STOPPED'];

/**
 * What ECS says of its tasks goes straight to the queue, where the route knows it for work of the Pod controllers. Steps on
 * the way to the first container and after the last one tell nothing, and wake no function.
 */
export class TaskEvents extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { cluster, queue }: { cluster: Cluster; queue: Queue }) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: 'State changes of the tasks that Pods run as',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: [taskEventType],
        detail: {
          clusterArn: [cluster.clusterArn],
          $or: [{ lastStatus: told }, { containers: { lastStatus: told } }],
        },
      },
      targets: [new SqsQueue(queue)],
    });
  }
}
