import type { Construct } from 'constructs';
import { tags } from '../../src/aws/names.ts';
import { arnIn, documentOfAws, iamArn } from './arns.ts';
import { type Cluster, secretsOf } from './cluster.ts';
import type { Data } from './data.ts';
import type { Network } from './network.ts';
import type { Permission } from './permission.ts';
import type { WorkQueue } from './queue.ts';

/** The parts of a deployment that permissions are about. */
export interface Parts {
  scope: Construct;
  name: string;
  data: Data;
  network: Network;
  cluster: Cluster;
  work: WorkQueue;
}

const madeHere = ({ name }: Parts) => ({ StringEquals: { [`aws:ResourceTag/${tags.deployment}`]: name } });
const makingHere = ({ name }: Parts) => ({ StringEquals: { [`aws:RequestTag/${tags.deployment}`]: name } });
/** Tags given in the request that makes something, which is another action for IAM. */
const tagging = (parts: Parts, service: string, by: string[]) => ({
  StringEquals: { ...makingHere(parts).StringEquals, [`${service}:CreateAction`]: by },
});

/** Objects: what the storage driver sends, and the key that the table and Secrets are encrypted with. */
export const objects = ({ data }: Parts): Permission[] => [
  {
    actions: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    resources: [data.table.tableArn],
  },
  {
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resources: [data.key.keyArn],
  },
];

/** Changes as they happen. */
export const changes = ({ data }: Parts): Permission[] => [
  {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resources: [data.table.tableStreamArn!],
  },
  {
    actions: ['dynamodb:ListStreams'],
    resources: ['*'],
    why: 'The action lists the streams of the account; it knows no resource.',
  },
];

/** Work for the queue. */
export const sendWork = ({ work }: Parts): Permission => ({
  actions: ['sqs:SendMessage'],
  resources: [work.queue.queueArn],
});

/** What Lambda could not have done is put where somebody looks. */
export const setAside = ({ work }: Parts): Permission => ({
  actions: ['sqs:SendMessage'],
  resources: [work.failed.queueArn],
});

/** Work from the queue. */
export const takeWork = ({ work }: Parts): Permission => ({
  actions: [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  ],
  resources: [work.queue.queueArn],
});

/** What containers wrote. */
export const readLogs = ({ cluster }: Parts): Permission => ({
  actions: ['logs:GetLogEvents'],
  resources: [cluster.logs.logGroupArn],
});

/** Which tasks there are. */
export const seeTasks = (parts: Parts): Permission[] => [
  {
    actions: ['ecs:DescribeTasks'],
    resources: [tasksOf(parts)],
    why: 'Tasks get their ids from ECS; only those of this cluster.',
  },
  {
    actions: ['ecs:ListTasks'],
    resources: ['*'],
    conditions: inCluster(parts),
    why: 'The action is about container instances, of which Fargate has none; the condition names the cluster.',
  },
];

/** kubectl exec and port-forward. */
export const openSessions = (parts: Parts): Permission[] => [
  {
    actions: ['ecs:ExecuteCommand'],
    resources: [tasksOf(parts), parts.cluster.clusterArn],
    why: 'Tasks get their ids from ECS; only those of this cluster.',
  },
  {
    actions: ['ssm:StartSession'],
    resources: [
      tasksOf(parts),
      parts.cluster.clusterArn,
      documentOfAws(parts.scope, 'AWS-StartPortForwardingSession'),
    ],
    why: 'Tasks get their ids from ECS; only those of this cluster, and only to forward a port.',
  },
];

const stopTasks = (parts: Parts): Permission => ({
  actions: ['ecs:StopTask'],
  resources: [tasksOf(parts)],
  why: 'Tasks get their ids from ECS; only those of this cluster.',
});

/** Pods as tasks. */
export const runTasks = (parts: Parts): Permission[] => [
  ...seeTasks(parts),
  stopTasks(parts),
  {
    actions: ['ecs:RunTask'],
    resources: [definitionsOf(parts)],
    conditions: inCluster(parts),
    why: 'Families are named by the hash of their template, revisions by ECS; only those of this deployment.',
  },
  {
    actions: ['ecs:RegisterTaskDefinition'],
    resources: ['*'],
    why: 'The action knows no resource.',
  },
  {
    actions: ['ecs:TagResource'],
    resources: [tasksOf(parts), definitionsOf(parts)],
    why: 'Tags are given as tasks and definitions are made; only those of this deployment.',
  },
  {
    actions: ['iam:PassRole'],
    resources: [
      parts.cluster.executionRole.roleArn,
      parts.cluster.taskRole.roleArn,
      iamArn(parts.scope, `role/shallop/${parts.name}/*`),
    ],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    why: 'Roles that service accounts name: those under the path of the deployment, to tasks only.',
  },
  ownRoleOf(parts, 'ecs', 'ECS'),
];

/** Services and Ingresses as load balancers with security groups, and the names of Services. */
export const balanceLoad = (parts: Parts): Permission[] => [
  ...removeBalancers(parts),
  {
    actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeListenerCertificates'],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  {
    // ELB asks EC2 for these in its caller's name, as it makes load balancers and target groups and registers targets.
    actions: [
      'ec2:DescribeAccountAttributes',
      'ec2:DescribeAddresses',
      'ec2:DescribeInstances',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ec2:GetSecurityGroupsForVpc',
    ],
    resources: ['*'],
    why: 'Actions that describe know no resource; the last one is about whatever VPC and groups ELB looks at.',
  },
  {
    actions: ['acm:ListCertificates'],
    resources: ['*'],
    why: 'The action lists the certificates of the account; it knows no resource.',
  },
  {
    actions: ['acm:DescribeCertificate'],
    resources: [arnIn(parts.scope, 'acm', 'certificate/*')],
    why: 'Certificates for the hosts of Ingresses are found among those of the account.',
  },
  ownRoleOf(parts, 'elasticloadbalancing', 'ElasticLoadBalancing'),
  {
    actions: [
      'elasticloadbalancing:CreateLoadBalancer',
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:CreateListener',
      'elasticloadbalancing:CreateRule',
    ],
    resources: balancersOf(parts),
    conditions: makingHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment as it is made.',
  },
  {
    actions: ['elasticloadbalancing:AddTags'],
    resources: balancersOf(parts),
    conditions: tagging(parts, 'elasticloadbalancing', [
      'CreateLoadBalancer',
      'CreateTargetGroup',
      'CreateListener',
      'CreateRule',
    ]),
    why: 'Ids come from the service; only as something is made, so that nothing that stands there becomes ours.',
  },
  {
    actions: [
      'elasticloadbalancing:ModifyLoadBalancerAttributes',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:ModifyListener',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:AddListenerCertificates',
      'elasticloadbalancing:RemoveListenerCertificates',
      'elasticloadbalancing:SetSecurityGroups',
      'elasticloadbalancing:SetSubnets',
      'elasticloadbalancing:RegisterTargets',
      'elasticloadbalancing:DeregisterTargets',
      'elasticloadbalancing:AddTags',
    ],
    resources: balancersOf(parts),
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['ec2:CreateSecurityGroup'],
    resources: [arnIn(parts.scope, 'ec2', `vpc/${parts.network.vpcId}`)],
  },
  {
    actions: ['ec2:CreateSecurityGroup'],
    resources: [securityGroupsOf(parts)],
    conditions: makingHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment as they are made.',
  },
  {
    actions: ['ec2:CreateTags'],
    resources: [securityGroupsOf(parts)],
    conditions: tagging(parts, 'ec2', ['CreateSecurityGroup']),
    why: 'Ids come from the service; only as a group is made, so that none that stands there becomes ours.',
  },
  {
    actions: ['ec2:AuthorizeSecurityGroupIngress'],
    resources: [securityGroupsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment.',
  },
];

/** Taking away what was made for Services. */
export const removeBalancers = (parts: Parts): Permission[] => [
  {
    actions: [
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTags',
      'ec2:DescribeSecurityGroups',
    ],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  {
    actions: [
      'elasticloadbalancing:DeleteLoadBalancer',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:DeleteListener',
    ],
    resources: balancersOf(parts),
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['ec2:RevokeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'],
    resources: [securityGroupsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment.',
  },
  {
    actions: ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets'],
    resources: [parts.network.zone.hostedZoneArn],
  },
];

/** Secrets that Pods use. */
export const keepSecrets = (parts: Parts): Permission[] => [
  ...removeSecrets(parts),
  {
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:UpdateSecret',
      'secretsmanager:TagResource',
    ],
    resources: [secretsOf(parts.scope, parts.name)],
    why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
  },
];

/** Taking away the copies of Secrets. */
export const removeSecrets = (parts: Parts): Permission[] => [
  {
    actions: ['secretsmanager:DeleteSecret'],
    resources: [secretsOf(parts.scope, parts.name)],
    why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
  },
  {
    actions: ['secretsmanager:ListSecrets'],
    resources: ['*'],
    why: 'The action lists the secrets of the account; it knows no resource.',
  },
];

/** Seeing a copy of a Secret, without its value. */
export const findSecrets = (parts: Parts): Permission => ({
  actions: ['secretsmanager:DescribeSecret'],
  resources: [secretsOf(parts.scope, parts.name)],
  why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
});

/** Claims as access points of EFS. */
export const makeVolumes = (parts: Parts): Permission[] => [
  ...removeVolumes(parts),
  {
    actions: ['elasticfilesystem:CreateAccessPoint'],
    resources: [fileSystemsOf(parts), accessPointsOf(parts)],
    conditions: makingHere(parts),
    why: 'StorageClasses name the file systems; only access points that are tagged as of this deployment as they are made.',
  },
  {
    actions: ['elasticfilesystem:TagResource'],
    resources: [fileSystemsOf(parts), accessPointsOf(parts)],
    conditions: tagging(parts, 'elasticfilesystem', ['CreateAccessPoint']),
    why: 'StorageClasses name the file systems; only as an access point is made, so that none that stands there becomes ours.',
  },
];

/** Taking away what was made for claims. */
export const removeVolumes = (parts: Parts): Permission[] => [
  {
    actions: ['elasticfilesystem:DeleteAccessPoint'],
    resources: [accessPointsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['elasticfilesystem:DescribeAccessPoints'],
    resources: ['*'],
    why: 'Access points are found by their tags, on whatever file system they are.',
  },
];

/** Removing all that was made at run time. */
export const drainAll = (parts: Parts): Permission[] => [
  ...seeTasks(parts),
  stopTasks(parts),
  {
    actions: ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'],
    resources: ['*'],
    why: 'These actions know no resource.',
  },
  {
    actions: ['ecs:DeleteTaskDefinitions'],
    resources: [definitionsOf(parts)],
    why: 'Families are named by the hash of their template; only those of this deployment.',
  },
  ...removeBalancers(parts),
  {
    actions: ['ec2:DescribeNetworkInterfaces'],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  ...removeSecrets(parts),
  ...removeVolumes(parts),
];

/** Role that a service works with. The first call in an account that needs it makes it, with the rights of the caller. */
const ownRoleOf = ({ scope }: Parts, service: string, name: string): Permission => ({
  actions: ['iam:CreateServiceLinkedRole'],
  resources: [iamArn(scope, `role/aws-service-role/${service}.amazonaws.com/AWSServiceRoleFor${name}`)],
  conditions: { StringEquals: { 'iam:AWSServiceName': `${service}.amazonaws.com` } },
});

const inCluster = ({ cluster }: Parts) => ({ ArnEquals: { 'ecs:cluster': cluster.clusterArn } });
const tasksOf = ({ scope, cluster }: Parts) => arnIn(scope, 'ecs', `task/${cluster.clusterName}/*`);
/** With a revision or without: a family is asked for before it has any, and is to be unknown then, not forbidden. */
const definitionsOf = ({ scope, name }: Parts) => arnIn(scope, 'ecs', `task-definition/shallop-${name}-*`);
const fileSystemsOf = ({ scope }: Parts) => arnIn(scope, 'elasticfilesystem', 'file-system/*');
const accessPointsOf = ({ scope }: Parts) => arnIn(scope, 'elasticfilesystem', 'access-point/*');
const securityGroupsOf = ({ scope }: Parts) => arnIn(scope, 'ec2', 'security-group/*');
const balancersOf = ({ scope }: Parts) =>
  [
    'loadbalancer/net/*',
    'loadbalancer/app/*',
    'targetgroup/*',
    'listener/net/*',
    'listener/app/*',
    'listener-rule/app/*',
  ].map((resource) => arnIn(scope, 'elasticloadbalancing', resource));
