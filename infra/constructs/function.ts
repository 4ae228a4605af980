import type { Duration } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type CfnFunction,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environment } from '../../src/aws/names.ts';
import { type FunctionName, functionName, memoryOf } from '../../src/aws/watched/index.ts';
import { arnIn } from './arns.ts';
import { logGroup } from './logs.ts';
import { acknowledgeWildcards, type Permission, statementOf } from './permission.ts';

/** The bundle of a function; tests of templates need none. */
export type CodeOf = (name: FunctionName) => Code;

export interface BundledFunctionProps {
  name: FunctionName;
  /** Name of the deployment. */
  deployment: string;
  code: CodeOf;
  key: IKey;
  logDays: number;
  /** In MB; absent: as usual for it. */
  memory?: number;
  timeout: Duration;
  /** Executions that it has for itself, and no more than those; absent: whatever the account has left. */
  reserved?: number;
  /** Whether Lambda sends traces to X-Ray. */
  tracing?: boolean;
  /** Where it stands in a network; absent: in none. Its role may have itself connected. */
  network?: { subnetIds: string[]; securityGroupIds: string[] };
  /** Whether what it sends may come back to it: see `Controllers`. */
  inLoop?: boolean;
  environment: Record<string, string>;
  permissions: Permission[];
}

/** A function with its own role, which may do what is listed and write its own log, and its own log group. */
export class BundledFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { name, deployment, key, permissions } = props;
    const fullName = functionName(deployment, name);
    const logs: LogGroup = logGroup(this, 'Logs', {
      name: `/aws/lambda/${fullName}`,
      key,
      days: props.logDays,
    });
    const all: Permission[] = [
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logs.logGroupArn],
        why: 'The streams of its own log group are named by Lambda.',
      },
      {
        // Its variables are encrypted, and Lambda opens them as the function: with its ARN as context.
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: {
          StringEquals: {
            'kms:EncryptionContext:aws:lambda:FunctionArn': arnIn(this, 'lambda', `function:${fullName}`),
          },
        },
      },
      ...(props.tracing ? [sendTraces] : []),
      ...(props.network ? [standInNetwork] : []),
      ...permissions,
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What the function ${fullName} may do`,
      inlinePolicies: { own: new PolicyDocument({ statements: all.map(statementOf) }) },
    });
    acknowledgeWildcards(role, all);
    this.handler = new LambdaFunction(this, 'Function', {
      functionName: fullName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code(name),
      memorySize: props.memory ?? memoryOf[name],
      timeout: props.timeout,
      role: role.withoutPolicyUpdates(),
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      environment: {
        ...props.environment,
        ...(props.tracing && { [environment.tracing]: 'true' }),
        NODE_OPTIONS: '--enable-source-maps',
      },
      environmentEncryption: key,
      ...(props.reserved && { reservedConcurrentExecutions: props.reserved }),
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      ...(props.inLoop && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    // By ids: the network may be an existing one, of which nothing else is known.
    const { defaultChild } = this.handler.node;
    if (props.network) (defaultChild as CfnFunction).vpcConfig = props.network;
  }
}

const standInNetwork: Permission = {
  actions: [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
  why: 'Lambda makes the interfaces as the function, and asks for the actions on all resources.',
};

const sendTraces: Permission = {
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
  why: 'Traces belong to the account; the actions know no resource.',
};
