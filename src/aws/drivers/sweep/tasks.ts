import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  type ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  StopTaskCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { SecretVault } from '../../../shared/ports/cloud.ts';
import { chunks, pages } from '../pages.ts';
import { familyOf, isFamilyOf } from '../pods/families.ts';
import { isStopped } from '../pods/stopped.ts';
import { copyIn } from '../secrets/requests.ts';
import type { Sender } from '../sender.ts';
import { each, type Stage } from './index.ts';

export interface TaskSweep {
  ecs: Pick<ECSClient, 'send'>;
  /** The deployment's ECS cluster: whatever runs there is its. */
  cluster: string;
  deployment: string;
  send: Sender;
}

/** Tasks, until their network interfaces are gone with them. */
export const taskStage = (parts: TaskSweep): Stage => ({
  name: 'tasks',
  async run(enough) {
    const { ecs, cluster, send } = parts;
    const running = await tasksThatShould('RUNNING', parts);
    await each(running, enough, (task) => {
      const request = new StopTaskCommand({ cluster, task, reason: 'the deployment is being destroyed' });
      return send('StopTask', () => ecs.send(request));
    });
    const ending = new Set([...running, ...(await tasksThatShould('STOPPED', parts))]);
    return unfinished([...ending], parts);
  },
});

const tasksThatShould = (desiredStatus: DesiredStatus, { ecs, cluster, send }: TaskSweep) =>
  pages(async (nextToken) => {
    const request = new ListTasksCommand({ cluster, desiredStatus, nextToken });
    const answer = await send('ListTasks', () => ecs.send(request));
    return { items: answer.taskArns ?? [], next: answer.nextToken };
  });

async function unfinished(arns: string[], { ecs, cluster, send }: TaskSweep): Promise<number> {
  let count = 0;
  for (const tasks of chunks(arns, 100)) {
    const request = new DescribeTasksCommand({ cluster, tasks });
    const answer = await send('DescribeTasks', () => ecs.send(request));
    count += (answer.tasks ?? []).filter((task) => !isStopped(task)).length;
  }
  return count;
}

/**
 * Definitions are registered and deregistered at one a second: the slowest stage, and the last. They name the copies of
 * Secrets that were in use: Secrets Manager's own list may lack those of the last five minutes.
 */
export const definitionStage = (parts: TaskSweep, vault: Pick<SecretVault, 'remove'>): Stage => ({
  name: 'task definitions',
  async run(enough) {
    const { ecs, deployment, send } = parts;
    const active = await definitions('ACTIVE', parts);
    const removed = new Set<string>();
    const left = await each(active, enough, async (arn) => {
      const request = new DeregisterTaskDefinitionCommand({ taskDefinition: arn });
      const { taskDefinition } = await send('DeregisterTaskDefinition', () => ecs.send(request));
      for (const copy of copiesIn(deployment, taskDefinition)) {
        const name = [copy.cluster, copy.namespace, copy.name].join('/');
        if (!removed.has(name)) await vault.remove(copy);
        removed.add(name);
      }
    });
    // Deleted ones are listed no more, though AWS takes its time.
    const inactive = chunks(await definitions('INACTIVE', parts), 10);
    const undeleted = await each(inactive, enough, (taskDefinitions) => {
      const request = new DeleteTaskDefinitionsCommand({ taskDefinitions });
      return send('DeleteTaskDefinitions', () => ecs.send(request));
    });
    return left + undeleted;
  },
});

const copiesIn = (deployment: string, { containerDefinitions = [] }: TaskDefinition = {}) =>
  containerDefinitions
    .flatMap(({ secrets = [], repositoryCredentials }) => [
      ...secrets.map(({ valueFrom }) => valueFrom),
      repositoryCredentials?.credentialsParameter,
    ])
    .flatMap((arn) => copyIn(deployment, arn ?? '') ?? []);

async function definitions(status: 'ACTIVE' | 'INACTIVE', { ecs, deployment, send }: TaskSweep) {
  const arns = await pages(async (nextToken) => {
    const request = new ListTaskDefinitionsCommand({ status, nextToken });
    const answer = await send('ListTaskDefinitions', () => ecs.send(request));
    return { items: answer.taskDefinitionArns ?? [], next: answer.nextToken };
  });
  return arns.filter((arn) => isFamilyOf(deployment, familyOf(arn)));
}
