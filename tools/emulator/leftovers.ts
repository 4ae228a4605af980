import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient, ListTaskDefinitionsCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tags } from '../../src/aws/names.ts';
import { clusterDomain } from '../../src/shared/ports/names.ts';

/** What controllers made for objects and that is there now: `task arn:…`. Task definitions stay until the destroy. */
export async function madeForObjects(name: string): Promise<string[]> {
  const [balancing, ecs, ec2] = [new ElasticLoadBalancingV2Client({}), new ECSClient({}), new EC2Client({})];
  const cluster = `shallop-${name}`;
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster })).catch(() => ({ taskArns: [] }));
  const { LoadBalancers = [] } = await balancing.send(new DescribeLoadBalancersCommand({}));
  const { TargetGroups = [] } = await balancing.send(new DescribeTargetGroupsCommand({}));
  const balancers = [
    ...LoadBalancers.map(({ LoadBalancerArn }) => LoadBalancerArn!),
    ...TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn!),
  ];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return [
    ...named('task', taskArns),
    ...named('balancing', await ofDeployment(balancing, balancers, name)),
    ...named(
      'security group',
      SecurityGroups.filter(({ Tags = [] }) => isOf(name, Tags) && hasTag(Tags, tags.cluster)).map(
        ({ GroupId }) => GroupId,
      ),
    ),
    ...named('secret', await secrets(name)),
    ...named('record', await records()),
  ];
}

/** Everything of a deployment that is there now. */
export async function everythingOf(name: string): Promise<string[]> {
  const prefix = `shallop-${name}`;
  const mine = (each: string | undefined) =>
    each?.split('/').some((part) => part.startsWith(prefix)) ?? false;
  const { taskDefinitionArns = [] } = await new ECSClient({}).send(new ListTaskDefinitionsCommand({}));
  const { StackSummaries = [] } = await new CloudFormationClient({}).send(new ListStacksCommand({}));
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  const { Functions = [] } = await new LambdaClient({}).send(new ListFunctionsCommand({}));
  const { QueueUrls = [] } = await new SQSClient({}).send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  const { logGroups = [] } = await new CloudWatchLogsClient({}).send(new DescribeLogGroupsCommand({}));
  const { EventBuses = [] } = await new EventBridgeClient({}).send(new ListEventBusesCommand({}));
  const { HostedZones = [] } = await new Route53Client({}).send(new ListHostedZonesCommand({}));
  const { Vpcs = [] } = await new EC2Client({}).send(new DescribeVpcsCommand({}));
  return [
    ...(await madeForObjects(name)),
    ...named('task definition', taskDefinitionArns.filter(mine)),
    ...named(
      'stack',
      StackSummaries.filter(
        ({ StackName, StackStatus }) => mine(StackName) && StackStatus !== 'DELETE_COMPLETE',
      ).map(({ StackName }) => StackName),
    ),
    ...named('table', TableNames.filter(mine)),
    ...named('function', Functions.map(({ FunctionName }) => FunctionName).filter(mine)),
    ...named('queue', QueueUrls),
    ...named(
      'log group',
      logGroups
        .map(({ logGroupName }) => logGroupName)
        .filter((group) => mine(group) || group?.startsWith(`/shallop/${name}/`)),
    ),
    ...named('bus', EventBuses.map(({ Name }) => Name).filter(mine)),
    ...named(
      'zone',
      HostedZones.map(({ Name }) => Name).filter((zone) => zone === `${clusterDomain}.`),
    ),
    ...named(
      'network',
      Vpcs.filter(({ Tags = [] }) => isOf(name, Tags)).map(({ VpcId }) => VpcId),
    ),
  ];
}

const named = (what: string, all: (string | undefined)[] = []): string[] =>
  all.map((each) => `${what} ${each}`);

interface Tag {
  Key?: string;
  Value?: string;
}
const hasTag = (list: Tag[], key: string) => list.some(({ Key }) => Key === key);
const isOf = (name: string, list: Tag[]) =>
  list.some(({ Key, Value }) => Key === tags.deployment && Value === name);

async function ofDeployment(
  balancing: ElasticLoadBalancingV2Client,
  arns: string[],
  name: string,
): Promise<string[]> {
  if (!arns.length) return [];
  const { TagDescriptions = [] } = await balancing.send(new DescribeTagsCommand({ ResourceArns: arns }));
  return TagDescriptions.filter(({ Tags = [] }) => isOf(name, Tags)).map(({ ResourceArn }) => ResourceArn!);
}

async function secrets(name: string): Promise<string[]> {
  const { SecretList = [] } = await new SecretsManagerClient({}).send(new ListSecretsCommand({}));
  return SecretList.map(({ Name = '' }) => Name).filter((each) => each.startsWith(`shallop/${name}/`));
}

/** Beside those that every zone has, and the Service of the API itself. */
async function records(): Promise<string[]> {
  const client = new Route53Client({});
  const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
  const found: string[] = [];
  for (const { Id, Name } of HostedZones) {
    if (Name !== `${clusterDomain}.`) continue;
    const { ResourceRecordSets = [] } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: Id }),
    );
    for (const set of ResourceRecordSets)
      if (
        set.Type !== 'NS' &&
        set.Type !== 'SOA' &&
        !/^(_https._tcp.)?kubernetes.default./.test(set.Name ?? '')
      )
        found.push(`${set.Type} ${set.Name}`);
  }
  return found;
}
