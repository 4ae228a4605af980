import { Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { arnIn } from './arns.ts';
import { logGroup } from './logs.ts';
import { acknowledgeWildcards, type Permission, statementOf } from './permission.ts';

/** Where Pods run as tasks: the ECS cluster, the log group of containers, and the roles of tasks. */
export class Cluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly logs: LogGroup;
  /** ECS pulls images and reads Secrets with it. */
  readonly executionRole: Role;
  /** For Pods whose service account names no role. */
  readonly taskRole: Role;

  constructor(
    scope: Construct,
    id: string,
    { name, key, logDays }: { name: string; key: IKey; logDays: number },
  ) {
    super(scope, id);
    this.clusterName = `shallop-${name}`;
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      // On the cluster itself, not by an association: deleting it waits for nothing.
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      // By default ECS has the agent log sessions beside the containers' output, with whatever rights the Pod has.
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
      clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    this.clusterArn = cluster.attrArn;
    acknowledge(cluster, {
      'AwsSolutions-ECS4':
        'Container Insights costs per task and metric; it can be switched on for the account.',
    });
    this.logs = logGroup(this, 'Logs', { name: `/shallop/${name}/pods`, key, days: logDays });
    this.executionRole = this.#role('ExecutionRole', 'Pulls images, reads Secrets, writes logs', [
      {
        actions: ['ecr:GetAuthorizationToken'],
        resources: ['*'],
        why: 'The token is for the registry as a whole; the action knows no resource.',
      },
      {
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
        // Of any account and region: who else's images may be pulled, the policies of their repositories say.
        resources: [`arn:${Stack.of(this).partition}:ecr:*:*:repository/*`],
        why: 'Which images a Pod runs is what its manifest says; other accounts allow it by repository policies.',
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logs.logGroupArn] },
      {
        actions: ['secretsmanager:GetSecretValue'],
        resources: [secretsOf(this, name)],
        why: 'Copies of Secrets get a suffix from Secrets Manager.',
      },
      secretKey(this, { name, key }, ['kms:Decrypt']),
    ]);
    this.taskRole = this.#role('TaskRole', 'Pods without a role of their own: kubectl exec, nothing else', [
      {
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
        why: 'The channels of ECS Exec have no ARN.',
      },
    ]);
  }

  #role(id: string, description: string, permissions: Permission[]): Role {
    const stack = Stack.of(this);
    const role = new Role(this, id, {
      description,
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        // Only for tasks of this account: no other one can make ECS take the role.
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': arnIn(this, 'ecs', '*') },
        },
      }),
      inlinePolicies: { own: new PolicyDocument({ statements: permissions.map(statementOf) }) },
    });
    acknowledgeWildcards(role, permissions);
    return role;
  }
}

/** The copies of a deployment's Secrets. */
export const secretsOf = (scope: Construct, name: string): string =>
  arnIn(scope, 'secretsmanager', `secret:shallop/${name}/*`);

/** The key as Secrets Manager uses it for its callers: each Secret is sealed with its ARN as context. */
export const secretKey = (
  scope: Construct,
  { name, key }: { name: string; key: IKey },
  actions: string[],
): Permission => ({
  actions,
  resources: [key.keyArn],
  conditions: {
    StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:SecretARN': secretsOf(scope, name) },
  },
});
