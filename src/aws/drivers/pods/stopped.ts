import type { Task } from '@aws-sdk/client-ecs';

/** DELETED comes after STOPPED, before ECS forgets the task. */
export const isStopped = ({ lastStatus }: Task): boolean =>
  lastStatus === 'STOPPED' || lastStatus === 'DELETED';
