import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventRule } from '../../src/shared/events/rules.ts';
import type { Alarms } from './alarms.ts';
import { EventRules } from './eventRules.ts';
import { exampleQueue } from './queue.ts';

export interface AutomationProps {
  /** Name of the deployment. */
  name: string;
  alarms: Alarms;
  rules?: readonly EventRule[];
}

/** A bus that gets every change of an object, the rules of a file, and one as an example: Deployments that came or went, to a queue. */
export class Automation extends Construct {
  readonly bus: EventBus;
  readonly exampleQueue: Queue;
  /** What targets of the file's rules did not take; absent where there is no file. */
  readonly deadLetters?: Queue;

  constructor(scope: Construct, id: string, { name, alarms, rules }: AutomationProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `shallop-${name}` });
    if (rules)
      this.deadLetters = new EventRules(this, 'Rules', { name, rules, bus: this.bus, alarms }).deadLetters;
    this.exampleQueue = exampleQueue(this, 'Example', `shallop-${name}-example`);
    new Rule(this, 'DeploymentsComeAndGo', {
      eventBus: this.bus,
      description: 'An example: Deployments that are created or deleted, as messages',
      eventPattern: { source: ['shallop.k8s'], detailType: ['Deployment ADDED', 'Deployment DELETED'] },
      targets: [new SqsQueue(this.exampleQueue)],
    });
  }
}
