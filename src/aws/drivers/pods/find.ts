import type { Task } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { BackOffPolicy } from '../../../shared/podspec/backOff.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import type { PodRef } from '../../../shared/ports/cloud.ts';
import { taskIn } from './identity.ts';
import { storedStatus } from './statuses.ts';
import { byAge, isStopped, type Tasks, wantsToRun } from './tasks.ts';
import { mayHaveStarted } from './underWay.ts';

/**
 * Finds the tasks of a Pod, oldest first: those that its status names and those of the ids `told`, which were told to stop a
 * moment ago, and whatever runs for it when none of these does.
 */
export type Finder = (ref: PodRef, pod: Pod | undefined, told: string[]) => Promise<Task[]>;

export function openFinder({
  tasks,
  clock,
  backOff,
}: {
  tasks: Tasks;
  clock: Clock;
  backOff: BackOffPolicy;
}): Finder {
  async function withOthers(known: Task[], arns: string[]): Promise<Task[]> {
    const others = arns.filter((arn) => !known.some(({ taskArn }) => taskArn === arn));
    return others.length ? [...known, ...(await tasks.describe(others))].sort(byAge) : known;
  }
  return async ({ uid }, pod, told) => {
    const named = new Set([...(pod ? tasksNamedBy(pod) : []), ...told]);
    const known = named.size ? await tasks.describe([...named]) : [];
    if (known.some(wantsToRun)) return known;
    const found = await withOthers(known, await tasks.running(uid));
    const isUnseen =
      pod && found.every(isStopped) && mayHaveStarted({ pod, tasks: found, now: clock.now(), backOff });
    // ECS lists by itself what was told to stop: so may have been what nobody has seen run.
    return isUnseen ? withOthers(found, await tasks.ending(uid)) : found;
  };
}

/** Returns the ids of the tasks that its containers' statuses are told from. */
export const tasksNamedBy = (pod: Pod): string[] => [
  ...new Set(
    containersOf(pod)
      .map(({ name }) => taskIn(storedStatus(pod, name)?.containerID))
      .filter(Boolean),
  ),
];
