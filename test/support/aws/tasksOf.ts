import { DescribeTasksCommand, type ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';

/** Returns the tasks of an ECS cluster, with their tags. */
export async function tasksOf(ecs: ECSClient, cluster: string): Promise<Task[]> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  if (!taskArns.length) return [];
  const request = new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] });
  return (await ecs.send(request)).tasks ?? [];
}

/** Returns those that run, with a container of this image. */
export const runningTasks = async (ecs: ECSClient, cluster: string, image: string): Promise<Task[]> =>
  (await tasksOf(ecs, cluster)).filter(
    ({ lastStatus, containers }) => lastStatus === 'RUNNING' && containers?.some((c) => c.image === image),
  );
