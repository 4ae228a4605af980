import type { Controller } from '../../controller.ts';
import type { Order, WorkQueues } from './queues.ts';
import { groupOf } from './work.ts';

/** Sends work to the queues of its controllers' groups. Answers what could not be sent. */
export async function sendWork(
  orders: readonly Order[],
  controllers: readonly Controller[],
  queues: WorkQueues,
): Promise<Order[]> {
  const groups = new Map(controllers.map((controller) => [controller.name, groupOf(controller)]));
  const byGroup = Map.groupBy(orders, ({ work }) => groups.get(work.controller));
  const unsent = await Promise.all(
    [...byGroup].map(([group, some]) => (group ? queues.send(group, some) : [])),
  );
  return unsent.flat();
}
