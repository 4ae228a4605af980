import { describe, expect, jest, test } from '@jest/globals';
import { controllerGroups, environment } from '../../src/aws/names.ts';
import { allowancesOf, type Resource, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

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
    expect(foreign.filter((service) => services.includes(service))).toEqual([]);
  });

  test('only Pod controllers start tasks and pass roles, and only to tasks', () => {
    const may = (action: string) => statements.filter(({ actions }) => actions.includes(action));
    for (const action of ['ecs:RunTask', 'iam:PassRole'])
      expect(may(action).map(({ role }) => role)).toEqual([roleOf('reconcile-pods')]);
    expect(may('iam:PassRole').map(({ condition }) => condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ]);
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
  'dynamodb:ListStreams',
  'ec2:DescribeAccountAttributes',
  'ec2:DescribeAddresses',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ecr:GetAuthorizationToken',
  'ecs:DeregisterTaskDefinition',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'ecs:RegisterTaskDefinition',
  'elasticfilesystem:DescribeAccessPoints',
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

  test('every queue is encrypted, and what fails in it is kept and rings', () => {
    const watched = JSON.stringify(ofType('AWS::CloudWatch::Alarm'));
    const queues = ofType('AWS::SQS::Queue');
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(watched).toContain(`"${id}"`);
      const { RedrivePolicy } = Properties as { RedrivePolicy?: { maxReceiveCount: number } };
      if (!String(Properties.QueueName).endsWith('-failed'))
        expect(RedrivePolicy?.maxReceiveCount).toBeGreaterThan(0);
    }
    expect(queues.map(([, { Properties }]) => Properties.QueueName)).toEqual(
      expect.arrayContaining(controllerGroups.map((group) => `shallop-dev-${group}`)),
    );
    for (const [, { Properties }] of ofType('AWS::CloudWatch::Alarm'))
      expect(Properties.AlarmActions).toEqual([everything.alarmTopicArn]);
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

describe('functions', () => {
  test('are small, on ARM, and wait for nobody longer than they should', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function'))
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
        KmsKeyArn: expect.anything(),
      });
  });

  test.each(controllerGroups)('the queue of %s has batches with partial answers', (group) => {
    const [id] = functionNamed(`reconcile-${group}`);
    const mapping = ofType('AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) => (Properties.FunctionName as { Ref: string }).Ref === id,
    );
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('changes reach dispatch as log entries only, bounded in tries and age, failures to a queue', () => {
    const [id] = functionNamed('dispatch');
    const mapping = ofType('AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) => (Properties.FunctionName as { Ref: string }).Ref === id,
    )![1].Properties as Record<string, unknown> & { FilterCriteria: { Filters: { Pattern: string }[] } };
    expect(mapping).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
    expect(mapping.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'log\x1f' }] } } } },
    ]);
  });

  test('every variable that names.ts lists is given to a function', () => {
    const given = new Set(
      ofType('AWS::Lambda::Function').flatMap(([, { Properties }]) =>
        Object.keys((Properties.Environment as { Variables: object }).Variables),
      ),
    );
    const names = Object.values(environment).flatMap((name) =>
      typeof name === 'string' ? [name] : controllerGroups.map(name),
    );
    expect(names.filter((name) => !given.has(name))).toEqual([]);
    expect([...given].filter((name) => !names.includes(name))).toEqual(['NODE_OPTIONS']);
  });
});

describe('at destroy', () => {
  const [[drain, { DependsOn }]] = ofType('Custom::ShallopDrain') as [[string, Resource]];

  test('nothing wakes a controller any more when the drain begins', () => {
    const wakers = [
      ...ofType('AWS::Lambda::EventSourceMapping'),
      ...ofType('AWS::Scheduler::Schedule'),
      ...ofType('AWS::Events::Rule').filter(([, { Properties }]) => !Properties.EventBusName),
    ];
    expect(wakers).toHaveLength(controllerGroups.length + 3);
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
    expect(other).toContain('shallop-blue-pods');
  });

  test('in an existing network no network is made, and its options are left alone', () => {
    const there = synthesise(existingNetwork);
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::DHCPOptions'])
      there.resourceCountIs(type, 0);
    there.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shallop-dev-reconcile-pods',
      Environment: {
        Variables: {
          [environment.subnets]: 'subnet-1,subnet-2',
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
