import type { Controller } from '../../controller.ts';
import type { Order, WorkQueues } from './queues.ts';
import { groupOf } from './work.ts';

/** Sends work to the groups of its controllers. Answers what could not be sent. */
export async function sendWork(
  orders: readonly Order[],
  controllers: readonly Controller[],
  queues: WorkQueues,
): Promise<Order[]> {
  const groups = new Map(controllers.map((controller) => [controller.name, groupOf(controller)]));
  return queues.send(
    orders.flatMap((order) => {
      const group = groups.get(order.work.controller);
      return group ? [{ ...order, group }] : [];
    }),
  );
}
