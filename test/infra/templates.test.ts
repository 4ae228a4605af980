import { describe, expect, test } from '@jest/globals';
import { controllerGroups, environment, seconds } from '../../src/aws/names.ts';
import { allowancesOf, type Resource, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

const everything = {
  events: 'true',
  domain: 'k8s.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/c',
  domainZoneId: 'Z1',
  domainZone: 'example.org',
  creatorArn: 'arn:aws:iam::111111111111:role/creator',
  accessEntries: '[{"principalArn":"arn:aws:iam::111111111111:role/dev"}]',
  alarmTopicArn: 'arn:aws:sns:us-east-1:111111111111:alarms',
};
const existingNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidr: '10.9.0.0/16',
  subnets: 'subnet-1=us-east-1a,subnet-2=us-east-1b',
  publicIp: 'false',
};

// Synthesising checks by cdk-nag too: a finding without a reason throws.
const template = synthesise(everything);
const resources = resourcesOf(template);
const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
const functionNamed = (name: string) => {
  const found = ofType('AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.FunctionName === `shallop-dev-${name}`,
  );
  if (!found) throw new Error(`there is no function ${name}`);
  return found;
};
const queueNamed = (name: string) =>
  ofType('AWS::SQS::Queue').find(([, { Properties }]) => Properties.QueueName === `shallop-dev-${name}`)!;
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const statements = allowancesOf(template);

describe('what roles may do', () => {
  test('no action is a pattern, and no role is given rights elsewhere than in its own statements', () => {
    expect(statements.length).toBeGreaterThan(30);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
    expect(ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  test('only actions that know no resource are allowed on every resource', () => {
    const open = statements.filter(({ resources: on }) => on.includes('*')).flatMap(({ actions }) => actions);
    expect([...new Set(open)].sort()).toEqual([...withoutResource].sort());
  });

  test.each([
    ['workloads', ['ecs', 'elasticloadbalancing', 'ec2', 'route53', 'secretsmanager', 'iam', 'events']],
    ['pods', ['elasticloadbalancing', 'ec2', 'route53', 'events']],
    ['services', ['ecs', 'secretsmanager', 'events']],
    ['secrets', ['ecs', 'elasticloadbalancing', 'ec2', 'route53', 'iam', 'events']],
  ])('controllers of %s have no rights of other groups', (group, foreign) => {
    const services = servicesOf(`reconcile-${group}`);
    expect(services).toEqual(expect.arrayContaining(['dynamodb', 'kms', 'logs', 'sqs']));
    expect([...foreign, 'lambda'].filter((service) => services.includes(service))).toEqual([]);
    expect(allowedOf(`reconcile-${group}`)).toMatchObject({ 'sqs:SendMessage': [work] });
  });

  test('the route takes work from the queue, has the four groups work, and may nothing else', () => {
    const { 'lambda:InvokeFunction': invoked, ...rest } = allowedOf('route');
    const groups = controllerGroups.map((group) => arnOf(functionNamed(`reconcile-${group}`)[0]));
    expect(invoked).toHaveLength(groups.length);
    expect(invoked).toEqual(expect.arrayContaining(groups));
    expect(rest).toEqual({
      'logs:CreateLogStream': [expect.anything()],
      'logs:PutLogEvents': [expect.anything()],
      'kms:Decrypt': [expect.anything()],
      'sqs:ReceiveMessage': [work],
      'sqs:DeleteMessage': [work],
      'sqs:ChangeMessageVisibility': [work],
      'sqs:GetQueueAttributes': [work],
    });
  });

  test('only Pod controllers start tasks and pass roles, and only to tasks', () => {
    const may = (action: string) => statements.filter(({ actions }) => actions.includes(action));
    for (const action of ['ecs:RunTask', 'iam:PassRole'])
      expect(may(action).map(({ role }) => role)).toEqual([roleOf('reconcile-pods')]);
    expect(may('iam:PassRole').map(({ condition }) => condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ]);
  });

  test('a family may be asked for before it has a revision', () => {
    const [run] = statements.filter(({ actions }) => actions.includes('ecs:RunTask'));
    expect(JSON.stringify(run?.resources)).toContain(':task-definition/shallop-dev-*"');
  });

  test("in an account's first days controllers may have the roles made that ELB and ECS work with, and no others", () => {
    const roles = statements
      .filter(({ actions }) => actions.some((action) => /^iam:(?!PassRole)/.test(action)))
      .map(({ role, actions, condition }) => ({ role, actions, condition }));
    const making = (group: string, service: string) => ({
      role: roleOf(`reconcile-${group}`),
      actions: ['iam:CreateServiceLinkedRole'],
      condition: { StringEquals: { 'iam:AWSServiceName': `${service}.amazonaws.com` } },
    });
    expect(roles).toHaveLength(2);
    expect(roles).toEqual(
      expect.arrayContaining([making('services', 'elasticloadbalancing'), making('pods', 'ecs')]),
    );
  });
});

/** Actions that AWS allows on `*` only (or that have a condition on the cluster, or look for tags anywhere). */
const withoutResource = [
  'acm:ListCertificates',
  'dynamodb:ListStreams',
  'ec2:DescribeAccountAttributes',
  'ec2:DescribeAddresses',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:GetSecurityGroupsForVpc',
  'ecr:GetAuthorizationToken',
  'ecs:DeregisterTaskDefinition',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'ecs:RegisterTaskDefinition',
  'elasticfilesystem:DescribeAccessPoints',
  'elasticloadbalancing:DescribeListenerCertificates',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'secretsmanager:ListSecrets',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

const work = arnOf(queueNamed('work')[0]);

/** Each action of a function, with what it is allowed on. */
function allowedOf(name: string): Record<string, unknown[]> {
  const own = statements.filter(({ role }) => role === roleOf(name));
  const all = own.flatMap(({ actions, resources: on }) => actions.map((action) => [action, on] as const));
  const byAction = Map.groupBy(all, ([action]) => action);
  return Object.fromEntries([...byAction].map(([action, some]) => [action, some.flatMap(([, on]) => on)]));
}

function roleOf(name: string): string {
  const role = functionNamed(name)[1].Properties.Role as { 'Fn::GetAtt': string[] };
  return role['Fn::GetAtt'][0]!;
}

function servicesOf(name: string): string[] {
  const role = roleOf(name);
  const actions = statements.filter((each) => each.role === role).flatMap((statement) => statement.actions);
  return [...new Set(actions.map((action) => action.split(':')[0]!))];
}

describe('the endpoint', () => {
  test('every path and method streams from the function that authenticates, and there is no other way in', () => {
    const methods = ofType('AWS::ApiGateway::Method');
    expect(methods).toHaveLength(2);
    const [api] = functionNamed('api');
    for (const [, { Properties }] of methods) {
      expect(Properties).toMatchObject({ HttpMethod: 'ANY' });
      expect(Properties.Integration).toMatchObject({
        Type: 'AWS_PROXY',
        ResponseTransferMode: 'STREAM',
        TimeoutInMillis: 900_000,
      });
      expect(JSON.stringify(Properties.Integration)).toContain(`"${api}"`);
      expect(JSON.stringify(Properties.Integration)).toContain('response-streaming-invocations');
    }
    expect(ofType('AWS::Lambda::Url')).toEqual([]);
    expect(ofType('AWS::ApiGatewayV2::Api')).toEqual([]);
  });

  test('only the gateway may call it', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Permission'))
      expect(Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
  });

  test('requests keep their bytes, refusals are Statuses, accesses are logged', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] });
    const refusals = ofType('AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    expect(refusals.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'REQUEST_TOO_LARGE', 'THROTTLED']),
    );
    for (const { ResponseTemplates } of refusals) {
      const text = (ResponseTemplates as Record<string, string>)['application/json']!;
      expect(JSON.parse(text.replace('$context.error.messageString', '"why"'))).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        message: expect.any(String),
      });
    }
    const [[, stage]] = ofType('AWS::ApiGateway::Stage') as [[string, Resource]];
    expect(stage.Properties.AccessLogSetting).toBeDefined();
  });
});

describe('what is kept', () => {
  test('objects are encrypted with the key, recoverable, and expire', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      BillingMode: 'PAY_PER_REQUEST',
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('every log group is encrypted and forgets', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups.length).toBe(ofType('AWS::Lambda::Function').length + 2);
    for (const [, { Properties }] of groups)
      expect(Properties).toMatchObject({ RetentionInDays: 7, KmsKeyId: expect.anything() });
  });

  test('every queue is encrypted, and what fails in the one of all work is set aside', () => {
    const queues = ofType('AWS::SQS::Queue');
    expect(queues.map(([, { Properties }]) => Properties.QueueName).sort()).toEqual(
      ['example', 'failed', 'work'].map((name) => `shallop-dev-${name}`),
    );
    for (const [, { Properties }] of queues) expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
    expect(queueNamed('work')[1].Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: arnOf(queueNamed('failed')[0]),
      maxReceiveCount: 8,
    });
  });

  test('nothing outlives the deployment', () => {
    for (const [id, { Type, DeletionPolicy }] of resources)
      expect({ id, Type, DeletionPolicy }).toEqual({
        id,
        Type,
        // The default is to delete, and of a REST API's deployments and stages too.
        DeletionPolicy: DeletionPolicy === undefined ? undefined : 'Delete',
      });
  });
});

describe('what rings', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const dimension = (Name: string, Value: unknown) => ({ Name, Value });
  const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
  const failed = attribute(queueNamed('failed')[0], 'QueueName');

  test.each([
    ['something was set aside', 'ApproximateNumberOfMessagesVisible', [dimension('QueueName', failed)], 1],
    [
      'work waits for long',
      'ApproximateAgeOfOldestMessage',
      [dimension('QueueName', attribute(queueNamed('work')[0], 'QueueName'))],
      900,
    ],
    [
      'the API fails',
      '5XXError',
      [
        dimension('ApiName', 'shallop-dev'),
        dimension('Stage', { Ref: expect.stringMatching(/^ApiRestDeploymentStage/) }),
      ],
      5,
    ],
    [
      'writes do not end',
      'ConsumedWriteCapacityUnits',
      [dimension('TableName', { Ref: ofType('AWS::DynamoDB::Table')[0]![0] })],
      30_000,
    ],
  ])('%s', (_, MetricName, Dimensions, Threshold) => {
    expect(alarms.filter((alarm) => alarm.MetricName === MetricName)).toEqual([
      expect.objectContaining({
        Dimensions,
        Threshold,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: [everything.alarmTopicArn],
      }),
    ]);
  });

  test('a resync that fails, or that nobody takes, is set aside: its schedule knows only that it was handed over', () => {
    const destination = arnOf(queueNamed('failed')[0]);
    const [[, invoked]] = ofType('AWS::Lambda::EventInvokeConfig') as [[string, Resource]];
    expect(invoked.Properties).toMatchObject({
      FunctionName: { Ref: functionNamed('resync')[0] },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 300,
      DestinationConfig: { OnFailure: { Destination: destination } },
    });
    const [[, schedule]] = ofType('AWS::Scheduler::Schedule') as [[string, Resource]];
    const target = schedule.Properties.Target as { RoleArn: { 'Fn::GetAtt': string[] } };
    expect(target).toMatchObject({ DeadLetterConfig: { Arn: destination } });
    const senders = statements.filter(
      ({ actions, resources: on }) =>
        actions.includes('sqs:SendMessage') && JSON.stringify(on).includes(JSON.stringify(destination)),
    );
    expect(senders.map(({ role }) => role).sort()).toEqual(
      [roleOf('dispatch'), roleOf('resync'), target.RoleArn['Fn::GetAtt'][0]].sort(),
    );
  });
});

describe('functions', () => {
  test('are small, on ARM, and wait for nobody longer than they should', () => {
    const memory: Record<string, number> = { route: 128, resync: 256 };
    for (const [, { Properties }] of ofType('AWS::Lambda::Function'))
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: memory[String(Properties.FunctionName).replace('shallop-dev-', '')] ?? 512,
        KmsKeyArn: expect.anything(),
      });
  });

  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  const mappingsOf = (name: string) =>
    mappings.filter(({ FunctionName }) => (FunctionName as { Ref: string }).Ref === functionNamed(name)[0]);

  test('the queue has one reader, the route, with partial answers', () => {
    expect(mappingsOf('route')).toEqual([
      {
        FunctionName: { Ref: functionNamed('route')[0] },
        EventSourceArn: arnOf(queueNamed('work')[0]),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 20 },
        Tags: expect.anything(),
      },
    ]);
    expect(mappings).toHaveLength(2);
  });

  test.each([
    ['10', 2],
    ['50', 5],
    ['1000', 20],
  ])('in an account that runs %s at once, %d batches are worked on', (concurrency, batches) =>
    synthesise({ concurrency }).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: batches },
    }),
  );

  test('who waits for another waits longer, and messages show again only after that', () => {
    const timeoutOf = (name: string) => functionNamed(name)[1].Properties.Timeout;
    const { reconcile, invoke, route, visibility } = seconds;
    expect(controllerGroups.map((group) => timeoutOf(`reconcile-${group}`))).toEqual(
      controllerGroups.map(() => reconcile),
    );
    expect(timeoutOf('route')).toBe(route);
    expect(queueNamed('work')[1].Properties.VisibilityTimeout).toBe(visibility);
    const order = [reconcile, invoke, route, visibility];
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
  });

  test('keys may come back to the functions of the chain for ever, and to no others', () => {
    const looping = ofType('AWS::Lambda::Function')
      .filter(([, { Properties }]) => Properties.RecursiveLoop === 'Allow')
      .map(([, { Properties }]) => Properties.FunctionName);
    expect(looping.sort()).toEqual(
      ['route', ...controllerGroups.map((group) => `reconcile-${group}`)]
        .map((name) => `shallop-dev-${name}`)
        .sort(),
    );
  });

  test('changes reach dispatch as log entries only, bounded in tries and age, failures to a queue', () => {
    const [mapping] = mappingsOf('dispatch') as [
      Record<string, unknown> & { FilterCriteria: { Filters: { Pattern: string }[] } },
    ];
    expect(mapping).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: arnOf(queueNamed('failed')[0]) } },
    });
    expect(mapping.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'log\x1f' }] } } } },
    ]);
  });

  test('every variable that names.ts lists is given to a function', () => {
    // What is given only where it is asked for.
    const chosen = resourcesOf(
      synthesise({
        ...everything,
        nat: 'gateway',
        podMetrics: 'true',
        scaleToZero: 'true',
        auditPolicy: 'test/support/aws/auditPolicy.yaml',
        tokensSince: '2026-11-01T00:00:00Z',
        featureGates: 'MutatingAdmissionPolicy=true',
        runtimeConfig: 'admissionregistration.k8s.io/v1beta1=true',
        tracing: 'true',
      }),
    );
    const given = new Set(
      [...resources, ...chosen]
        .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
        .flatMap(([, { Properties }]) =>
          Object.keys((Properties.Environment as { Variables: object }).Variables),
        ),
    );
    const names: string[] = Object.values(environment);
    expect(names.filter((name) => !given.has(name))).toEqual([]);
    expect([...given].filter((name) => !names.includes(name))).toEqual(['NODE_OPTIONS']);
  });

  test.each(['dispatch', 'resync', 'reconcile-secrets', 'reconcile-pods'])(
    '%s knows by which host Pods reach the API: tokens are woken for, kept and mounted where there is one',
    (name) => {
      const { Variables } = functionNamed(name)[1].Properties.Environment as { Variables: object };
      expect(Variables).toMatchObject({ [environment.podApiUrl]: 'https://k8s.example.org' });
    },
  );
});

test('what kubectl exec carries is not put among the logs of the Pod', () => {
  const [[, { Properties }]] = ofType('AWS::ECS::Cluster') as [[string, Resource]];
  expect(Properties.Configuration).toEqual({ ExecuteCommandConfiguration: { Logging: 'NONE' } });
});

describe('at destroy', () => {
  const [[drain, { DependsOn }]] = ofType('Custom::ShallopDrain') as [[string, Resource]];

  test('nothing wakes a controller any more when the drain begins', () => {
    const wakers = [
      ...ofType('AWS::Lambda::EventSourceMapping'),
      ...ofType('AWS::Scheduler::Schedule'),
      ...ofType('AWS::Events::Rule').filter(([, { Properties }]) => !Properties.EventBusName),
    ];
    expect(wakers).toHaveLength(4);
    for (const [, { DependsOn: after }] of wakers) expect(after).toContain(drain);
  });

  test('what the drained things stand in goes afterwards', () => {
    const before = [
      'AWS::ECS::Cluster',
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::Subnet',
      'AWS::Route53::HostedZone',
    ];
    for (const type of before) for (const [id] of ofType(type)) expect(DependsOn).toContain(id);
  });
});

describe('other deployments', () => {
  test('names carry the name of the deployment', () => {
    const other = JSON.stringify(synthesise({ name: 'blue' }).toJSON());
    expect(other).not.toContain('shallop-dev');
    expect(other).toContain('shallop-blue-work');
  });

  test('in an existing network no network is made, and its options are left alone', () => {
    const there = synthesise(existingNetwork);
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::DHCPOptions'])
      there.resourceCountIs(type, 0);
    there.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shallop-dev-reconcile-pods',
      Environment: {
        Variables: {
          [environment.zones]: 'subnet-1=us-east-1a,subnet-2=us-east-1b',
          [environment.publicIp]: 'false',
        },
      },
    });
  });

  test.each([
    [{ name: 'Dev' }, /-c name/],
    [{ vpcId: 'vpc-0123456789abcdef0' }, /needs -c vpcCidr/],
    [{ ...existingNetwork, subnets: 'subnet-1' }, /subnet=zone/],
    [{ domain: 'k8s.example.org' }, /needs -c certificateArn/],
    [{ events: 'yes' }, /true or false/],
    [{ accessEntries: '{}' }, /list of access entries/],
  ])('%j is refused', (context, why) => {
    expect(() => synthesise(context)).toThrow(why);
  });
});

test('the stack says which shallop its functions are', () => {
  expect(template.findOutputs('Version')).toMatchObject({ Version: { Value: '1.2.3' } });
  expect(template.findOutputs('Commit')).toMatchObject({ Commit: { Value: 'abcdef012' } });
});
