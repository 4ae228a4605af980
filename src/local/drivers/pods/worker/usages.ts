import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ContainerUsage } from '../../../../shared/ports/statistics.ts';
import type { Sandbox } from '../sandbox.ts';
import type { PodWorker } from './podWorker.ts';
import { runNumberIn } from './records.ts';

/** Returns what the running containers of a Pod have used; none where the sandbox does not tell. */
export async function usagesOf(
  worker: PodWorker | undefined,
  sandbox: Sandbox,
  clock: Clock,
): Promise<ContainerUsage[]> {
  if (!worker) return [];
  const { initContainerStatuses, containerStatuses } = worker.observe();
  const usages = await Promise.all(
    [...containerStatuses, ...initContainerStatuses].map(async ({ name, state, containerID }) => {
      if (!state?.running || !containerID) return [];
      const amounts = await sandbox.usage?.({
        ref: worker.ref,
        container: name,
        number: runNumberIn(containerID),
      });
      const since = Date.parse(state.running.startedAt ?? '');
      return amounts ? [{ name, at: clock.now(), since, ...amounts }] : [];
    }),
  );
  return usages.flat();
}
