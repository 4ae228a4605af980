import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Sender } from '../sender.ts';
import { gathered } from './gathered.ts';
import { taskId } from './identity.ts';
import type { Ecs } from './options.ts';
import { isStopped } from './stopped.ts';

const mostDescribed = 100;

/** The calls of ECS that the driver makes, each one request but for paging; what is described at once may be one. */
export interface Tasks {
  /** Those that should run and were started by this; all of the cluster without. */
  running(startedBy?: string): Promise<string[]>;
  /** Those that were started by this and were told to stop; whether they have stopped or not. */
  ending(startedBy: string): Promise<string[]>;
  /** By id or ARN, oldest first; those that ECS has forgotten are left out. */
  describe(ids: string[]): Promise<Task[]>;
  /** Asks before each try whether it is wanted; undefined: it is not. */
  run(
    request: RunTaskCommandInput,
    isWanted: () => Promise<boolean>,
  ): Promise<RunTaskCommandOutput | undefined>;
  register(request: RegisterTaskDefinitionCommandInput): Promise<void>;
  stop(arn: string, reason: string): Promise<void>;
  /** ARNs of definitions in the order of their families, of every deployment: all of them, or the first. */
  definitions(status: 'ACTIVE' | 'INACTIVE', most?: number): Promise<string[]>;
  /** Has no further task run with a definition. */
  deregister(definition: string): Promise<void>;
  /** Deletes at most ten that were deregistered. */
  forget(definitions: string[]): Promise<void>;
}

/** `clock`: where several look at tasks at once. */
export function openTasks(ecs: Ecs, cluster: string, send: Sender, clock?: Clock): Tasks {
  const describeNow = async (tasks: string[]) => {
    const input = { cluster, tasks, include: ['TAGS' as const] };
    return (await send('DescribeTasks', () => ecs.send(new DescribeTasksCommand(input)))).tasks ?? [];
  };
  const listed = async (desiredStatus: DesiredStatus, startedBy?: string) => {
    const arns: string[] = [];
    // Nobody's: ECS would list those of everybody.
    if (startedBy === '') return arns;
    let nextToken: string | undefined;
    do {
      const input = {
        ...{ cluster, desiredStatus },
        ...(startedBy && { startedBy }),
        ...(nextToken && { nextToken }),
      };
      const page = await send('ListTasks', () => ecs.send(new ListTasksCommand(input)));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return arns;
  };
  const describe = clock ? gathered(clock, describeNow) : describeNow;
  return {
    running: (startedBy) => listed('RUNNING', startedBy),
    ending: (startedBy) => listed('STOPPED', startedBy),
    async describe(ids) {
      const found: Task[] = [];
      for (let at = 0; at < ids.length; at += mostDescribed)
        found.push(...(await describe(ids.slice(at, at + mostDescribed))));
      return found.sort(byAge);
    },
    run: (request, isWanted) =>
      send('RunTask', async () => ((await isWanted()) ? ecs.send(new RunTaskCommand(request)) : undefined)),
    async register(request) {
      await send('RegisterTaskDefinition', () => ecs.send(new RegisterTaskDefinitionCommand(request)));
    },
    async stop(arn, reason) {
      const input = { cluster, task: arn, reason: reason.slice(0, 1024) };
      await send('StopTask', () => ecs.send(new StopTaskCommand(input)));
    },
    async definitions(status, most) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      do {
        const input = { status, ...(nextToken && { nextToken }) };
        const page = await send('ListTaskDefinitions', () => ecs.send(new ListTaskDefinitionsCommand(input)));
        arns.push(...(page.taskDefinitionArns ?? []));
        nextToken = page.nextToken;
      } while (nextToken && (most === undefined || arns.length < most));
      return arns;
    },
    async deregister(taskDefinition) {
      const request = new DeregisterTaskDefinitionCommand({ taskDefinition });
      await send('DeregisterTaskDefinition', () => ecs.send(request));
    },
    async forget(taskDefinitions) {
      const request = new DeleteTaskDefinitionsCommand({ taskDefinitions });
      await send('DeleteTaskDefinitions', () => ecs.send(request));
    },
  };
}

export { isStopped };

export const byAge = (a: Task, b: Task): number =>
  (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0) || (taskId(a) < taskId(b) ? -1 : 1);

export const wantsToRun = (task: Task): boolean => !isStopped(task) && task.desiredStatus !== 'STOPPED';

/** The task's address in the VPC; it may come later than RUNNING. */
export function addressOf({ attachments = [], containers = [] }: Task): string | undefined {
  for (const { details } of attachments)
    for (const { name, value } of details ?? []) if (name === 'privateIPv4Address' && value) return value;
  for (const { networkInterfaces } of containers)
    for (const { privateIpv4Address } of networkInterfaces ?? [])
      if (privateIpv4Address) return privateIpv4Address;
  return undefined;
}
