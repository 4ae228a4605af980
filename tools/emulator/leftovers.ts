import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client, paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import { ECSClient, paginateListTaskDefinitions, paginateListTasks } from '@aws-sdk/client-ecs';
import {
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type TagDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tags } from '../../src/aws/names.ts';
import { clusterDomain } from '../../src/shared/ports/names.ts';

/** What controllers made for objects and that is there now: `task arn:…`. Task definitions stay until the destroy. */
export async function madeForObjects(name: string): Promise<string[]> {
  const [balancing, ecs, ec2] = [new ElasticLoadBalancingV2Client({}), new ECSClient({}), new EC2Client({})];
  const cluster = `shallop-${name}`;
  const taskArns = await all(paginateListTasks({ client: ecs }, { cluster }), (page) => page.taskArns).catch(
    () => [],
  );
  const balancers = [
    ...(await all(paginateDescribeLoadBalancers({ client: balancing }, {}), ({ LoadBalancers = [] }) =>
      LoadBalancers.map(({ LoadBalancerArn }) => LoadBalancerArn!),
    )),
    ...(await all(paginateDescribeTargetGroups({ client: balancing }, {}), ({ TargetGroups = [] }) =>
      TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn!),
    )),
  ];
  const SecurityGroups = await all(
    paginateDescribeSecurityGroups({ client: ec2 }, {}),
    (page) => page.SecurityGroups,
  );
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
  const taskDefinitionArns = await all(
    paginateListTaskDefinitions({ client: new ECSClient({}) }, {}),
    (page) => page.taskDefinitionArns,
  );
  const StackSummaries = await all(
    paginateListStacks({ client: new CloudFormationClient({}) }, {}),
    (page) => page.StackSummaries,
  );
  const TableNames = await all(
    paginateListTables({ client: new DynamoDBClient({}) }, {}),
    (page) => page.TableNames,
  );
  const Functions = await all(
    paginateListFunctions({ client: new LambdaClient({}) }, {}),
    (page) => page.Functions,
  );
  const { QueueUrls = [] } = await new SQSClient({}).send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  const logGroups = await all(
    paginateDescribeLogGroups({ client: new CloudWatchLogsClient({}) }, {}),
    (page) => page.logGroups,
  );
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

/** Every part of a list that a service gives in pages. */
async function all<Page, Part>(
  pages: AsyncIterable<Page>,
  partsOf: (page: Page) => Part[] | undefined,
): Promise<Part[]> {
  const found: Part[] = [];
  for await (const page of pages) found.push(...(partsOf(page) ?? []));
  return found;
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
  const found: TagDescription[] = [];
  // It takes no more at once.
  for (let at = 0; at < arns.length; at += 20) {
    const ask = new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + 20) });
    found.push(...((await balancing.send(ask)).TagDescriptions ?? []));
  }
  return found.filter(({ Tags = [] }) => isOf(name, Tags)).map(({ ResourceArn }) => ResourceArn!);
}

async function secrets(name: string): Promise<string[]> {
  const SecretList = await all(
    paginateListSecrets({ client: new SecretsManagerClient({}) }, {}),
    (page) => page.SecretList,
  );
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
