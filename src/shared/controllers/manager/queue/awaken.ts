import type { Controller } from '../../controller.ts';
import { sendWork } from './outbox.ts';
import type { WorkQueues } from './queues.ts';
import type { Outcome } from './runs.ts';
import { workId } from './work.ts';

/** Sends what runs want to be looked at now. Answers the ids of the runs whose messages could not all be sent. */
export async function awaken(
  outcomes: readonly Outcome[],
  { controllers, queues }: { controllers: readonly Controller[]; queues: WorkQueues },
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  for (const { work, wake = [] } of outcomes) {
    const { controller, cluster } = work;
    const orders = wake.map((key) => ({ work: { controller, cluster, ...key } }));
    const unsent = await sendWork(orders, controllers, queues);
    if (unsent.length > 0) failed.set(workId(work), new Error(`${unsent.length} keys could not be woken`));
  }
  return failed;
}
