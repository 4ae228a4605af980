import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { reservedForWaiting } from '../concurrency.ts';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { arnIn } from './arns.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables } from './functionEnvironment.ts';
import { countedBy } from './functionMetrics.ts';
import { countRequests } from './permissions/balancers.ts';
import { objects } from './permissions/objects.ts';
import type { Parts } from './permissions/parts.ts';
import { setAside } from './permissions/work.ts';
import { eachMinute } from './schedule.ts';

export interface ScaleToZeroProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
  alarms: Alarms;
}

/**
 * Puts Services to sleep that nobody uses, and has their requests wait for the first Pod. The activator stands in the network,
 * since it speaks to Pods; all it asks beside them is the table. The sleeper stands in none, since it asks load balancers and
 * CloudWatch.
 */
export class ScaleToZero extends Construct {
  readonly schedule: CfnSchedule;
  readonly activator: IFunction;
  readonly sleeper: IFunction;

  constructor(scope: Construct, id: string, props: ScaleToZeroProps) {
    super(scope, id);
    const { parts, settings } = props;
    const { network, work } = parts;
    const activator = new BundledFunction(this, 'Activator', {
      ...common(props),
      name: 'activator',
      // As long as a load balancer may be told to wait.
      timeout: Duration.minutes(15),
      ...(settings.reserve && { reserved: reservedForWaiting(settings.concurrency) }),
      network: {
        subnetIds: network.subnets.map((subnet) => subnet.id),
        // Pods let load balancers in, for which it stands.
        securityGroupIds: [network.loadBalancerSecurityGroup.securityGroupId],
      },
      permissions: objects(parts),
    });
    new CfnPermission(this, 'FromLoadBalancers', {
      action: 'lambda:InvokeFunction',
      functionName: activator.handler.functionArn,
      principal: 'elasticloadbalancing.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      // Names of what shallop makes.
      sourceArn: arnIn(this, 'elasticloadbalancing', 'targetgroup/sh-*'),
    });
    const sleeper = new BundledFunction(this, 'Sleeper', {
      ...common(props),
      name: 'sleeper',
      timeout: Duration.seconds(60),
      permissions: [...objects(parts), ...countRequests(), setAside(parts)],
    });
    this.activator = activator.handler;
    this.sleeper = sleeper.handler;
    props.alarms.on(this, 'Unanswered', {
      metric: unansweredBy(parts.name, activator.handler),
      threshold: 5,
      says: 'Requests to Services that sleep got no answer: no Pod became ready in time, or the activator failed or was not begun.',
      section: 'requests-are-not-answered',
    });
    this.schedule = eachMinute(this, {
      name: `shallop-${parts.name}-sleeper`,
      description: `Starts the sleeper of shallop ${parts.name}`,
      handler: sleeper.handler,
      failed: work.failed,
      setAside: setAside(parts),
    });
  }
}

/** Requests that waited in vain, and those that nobody held: the load balancer answers these itself. */
function unansweredBy(deployment: string, activator: IFunction): MathExpression {
  const sum = { period: Duration.minutes(5), statistic: 'Sum' };
  return new MathExpression({
    expression: 'FILL(waited, 0) + FILL(failed, 0) + FILL(throttled, 0)',
    usingMetrics: {
      waited: countedBy(deployment, 'RequestsUnanswered'),
      failed: activator.metricErrors(sum),
      throttled: activator.metricThrottles(sum),
    },
    label: 'requests without an answer',
    period: sum.period,
  });
}

const common = ({ parts, settings, code }: ScaleToZeroProps) => ({
  deployment: parts.name,
  code,
  key: parts.data.key,
  logDays: settings.logDays,
  tracing: settings.tracing,
  environment: coreVariables(parts, settings),
});
