import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { taskEventType } from '../../src/aws/names.ts';
import type { Cluster } from './cluster.ts';

/** What ECS says of its tasks goes straight to the queue, where the route knows it for work of the Pod controllers. */
export class TaskEvents extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { cluster, queue }: { cluster: Cluster; queue: Queue }) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: 'State changes of the tasks that Pods run as',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: [taskEventType],
        detail: { clusterArn: [cluster.clusterArn] },
      },
      targets: [new SqsQueue(queue)],
    });
  }
}
