import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { reservedFor } from '../concurrency.ts';
import type { Settings } from '../settings.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables, workVariables } from './functionEnvironment.ts';
import { statementOf } from './permission.ts';
import { objects } from './permissions/objects.ts';
import type { Parts } from './permissions/parts.ts';
import { sendWork, setAside } from './permissions/work.ts';

export interface ResyncProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
}

/** Looks at everything now and then: a lost event delays, it never breaks. */
export class Resync extends Construct {
  readonly bundled: BundledFunction;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, { parts, settings, code }: ResyncProps) {
    super(scope, id);
    const { failed } = parts.work;
    this.bundled = new BundledFunction(this, 'Resync', {
      name: 'resync',
      deployment: parts.name,
      code,
      key: parts.data.key,
      logDays: settings.logDays,
      memory: 256,
      timeout: Duration.seconds(60),
      tracing: settings.tracing,
      ...(settings.reserve && { reserved: reservedFor(settings.concurrency).resync }),
      environment: {
        ...coreVariables(parts, settings),
        ...workVariables(parts),
      },
      permissions: [...objects(parts), sendWork(parts), setAside(parts)],
    });
    // The schedule only hands a run to Lambda. One that failed three times rings, as does one that nobody took.
    this.bundled.handler.configureAsyncInvoke({
      onFailure: new SqsDestination(failed),
      retryAttempts: 2,
      maxEventAge: Duration.minutes(5),
    });
    const { functionArn } = this.bundled.handler;
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: `Starts the resync of shallop ${parts.name}`,
      inlinePolicies: {
        own: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
            statementOf(setAside(parts)),
          ],
        }),
      },
    });
    this.schedule = new CfnSchedule(this, 'EachMinute', {
      name: `shallop-${parts.name}-resync`,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      // The next minute comes anyway: handing it over is not tried again.
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: failed.queueArn },
      },
    });
  }
}
