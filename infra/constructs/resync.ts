import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import type { Controllers } from './controllers.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables, queueVariables } from './functionEnvironment.ts';
import { objects, type Parts, sendTo } from './permissions.ts';

export interface ResyncProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
  alarms: Alarms;
  controllers: Controllers;
}

/** Looks at everything now and then: a lost event delays, it never breaks. */
export class Resync extends Construct {
  readonly bundled: BundledFunction;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, { parts, settings, code, alarms, controllers }: ResyncProps) {
    super(scope, id);
    const queues = Object.entries(controllers.queues);
    this.bundled = new BundledFunction(this, 'Resync', {
      name: 'resync',
      deployment: parts.name,
      code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.seconds(60),
      environment: {
        ...coreVariables(parts, settings),
        ...queueVariables(Object.fromEntries(queues.map(([group, { queueUrl }]) => [group, queueUrl]))),
      },
      permissions: [...objects(parts), sendTo(queues.map(([, { queueArn }]) => queueArn))],
    });
    const { functionArn } = this.bundled.handler;
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: `Starts the resync of shallop ${parts.name}`,
      inlinePolicies: {
        own: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] })],
        }),
      },
    });
    this.schedule = new CfnSchedule(this, 'EachMinute', {
      name: `shallop-${parts.name}-resync`,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      // The next minute comes anyway: nothing is tried again, so nothing waits in a queue.
      target: { arn: functionArn, roleArn: role.roleArn, retryPolicy: { maximumRetryAttempts: 0 } },
    });
    alarms.on(this, 'Failing', {
      metric: this.bundled.handler.metricErrors({ period: Duration.minutes(5) }),
      threshold: 3,
      says: 'The resync fails: events that get lost are not made up for.',
    });
  }
}
