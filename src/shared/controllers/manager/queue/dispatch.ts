import type { Clients, Reader } from '../../../client/client.ts';
import { readOnce } from '../../../client/readOnce.ts';
import type { Logger } from '../../../observability/logger.ts';
import type { Change } from '../../../ports/storage.ts';
import type { Controller } from '../../controller.ts';
import type { Coalescing } from './coalesce.ts';
import { emptyWhenGone } from './emptyWhenGone.ts';
import { sendWork } from './outbox.ts';
import type { WorkQueues } from './queues.ts';
import { distinct, routesOf, workAfter } from './routes.ts';
import { type Work, workId } from './work.ts';

/** Is what turns changes of objects into messages for the controllers' queues. */
export interface DispatchDeps {
  controllers: readonly Controller[];
  clients: Clients;
  queues: WorkQueues;
  /** Absent: each change sends what there is to do. */
  coalescing?: Coalescing;
  log: Logger;
}

/** A change of the log, and when it was written: milliseconds since the epoch. */
export interface LoggedChange {
  change: Change;
  at: number;
}

/**
 * Sends what there is to do after these changes, each key once. Answers which of them (by index) have to come again:
 * those whose keys could not be found out, or whose work could not be sent. Coming again does no harm.
 */
export async function dispatch(changes: readonly LoggedChange[], deps: DispatchDeps): Promise<number[]> {
  const { controllers, queues, coalescing, log } = deps;
  const routes = routesOf(controllers);
  const reader = readers(deps.clients);
  const found = await Promise.all(
    changes.map(async ({ change, at }): Promise<Work[] | undefined> => {
      const { object: stored, previous: old, type } = change;
      const offer = { stored, ...(old && { old }), deleted: type === 'delete', since: at };
      try {
        return await workAfter(routes, offer, reader(stored.key.cluster));
      } catch (error) {
        const { cluster, resource, namespace, name } = stored.key;
        log.warn('mapping a change to work failed', { cluster, resource, namespace, name, error });
        return undefined;
      }
    }),
  );
  const work = distinct(found.flatMap((some) => some ?? []));
  const orders = coalescing?.orders(work) ?? work.map((each) => ({ work: each }));
  const failed = await sendWork(orders, controllers, queues).then(
    (left) => left.map((order) => order.work),
    (error: unknown) => {
      coalescing?.forget(work);
      throw error;
    },
  );
  coalescing?.forget(failed);
  const unsent = new Set(failed.map(workId));
  return found.flatMap((some, i) => (!some || some.some((each) => unsent.has(workId(each))) ? i : []));
}

function readers(clients: Clients): (cluster: string) => Reader {
  const known = new Map<string, Reader>();
  return (cluster) => {
    const found = known.get(cluster) ?? readOnce(emptyWhenGone(clients(cluster)));
    known.set(cluster, found);
    return found;
  };
}
