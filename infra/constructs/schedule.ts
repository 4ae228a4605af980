import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Permission, statementOf } from './permission.ts';

interface EachMinute {
  name: string;
  /** Of the role. */
  description: string;
  handler: LambdaFunction;
  /** Is where a run goes that failed, or that nobody took, and the right to put it there. */
  failed: IQueue;
  setAside: Permission;
}

/** Runs a function each minute. The schedule only hands a run to Lambda; one that failed three times rings. */
export function eachMinute(
  scope: Construct,
  { name, description, handler, failed, setAside }: EachMinute,
): CfnSchedule {
  handler.configureAsyncInvoke({
    onFailure: new SqsDestination(failed),
    retryAttempts: 2,
    maxEventAge: Duration.minutes(5),
  });
  const { functionArn } = handler;
  const role = new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    description,
    inlinePolicies: {
      own: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
          statementOf(setAside),
        ],
      }),
    },
  });
  return new CfnSchedule(scope, 'EachMinute', {
    name,
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
