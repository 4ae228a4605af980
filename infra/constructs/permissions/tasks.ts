import { arnIn, documentOfAws, iamArn } from '../arns.ts';
import type { Permission } from '../permission.ts';
import { ownRoleOf, type Parts } from './parts.ts';

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

export const stopTasks = (parts: Parts): Permission => ({
  actions: ['ecs:StopTask'],
  resources: [tasksOf(parts)],
  why: 'Tasks get their ids from ECS; only those of this cluster.',
});

/** Task definitions that no Pod needs any more. */
export const removeDefinitions = (parts: Parts): Permission[] => [
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
];

/** Pods as tasks. */
export const runTasks = (parts: Parts): Permission[] => [
  ...seeTasks(parts),
  stopTasks(parts),
  ...removeDefinitions(parts),
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

const inCluster = ({ cluster }: Parts) => ({ ArnEquals: { 'ecs:cluster': cluster.clusterArn } });
const tasksOf = ({ scope, cluster }: Parts) => arnIn(scope, 'ecs', `task/${cluster.clusterName}/*`);

/** With a revision or without: a family is asked for before it has any, and is to be unknown then, not forbidden. */
export const definitionsOf = ({ scope, name }: Parts) =>
  arnIn(scope, 'ecs', `task-definition/shallop-${name}-*`);
