import { openMemory, type ResyncSummary, resync } from '../../shared/controllers/manager/queue/index.ts';
import type { Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { delivering } from '../drivers/delivery.ts';
import { functionParts } from '../functionParts.ts';
import { controllersFor } from './controllers.ts';
import { openWork } from './dispatchQueues.ts';

/** Describes what the resync may be invoked with; the schedule sends something else, which is ignored. */
export interface ResyncEvent {
  /** Look at everything now. */
  whole?: boolean;
}

/** Builds the resync from the environment, once for all its runs. Throws what names a wrong variable. */
export function openResync(env: Env) {
  const parts = functionParts(env);
  const { clock, ids, log } = parts;
  const { storage, clients } = openAwsCore(parts);
  const queues = openWork(env, { clock, ids });
  const controllers = controllersFor(env);
  const memory = openMemory();
  const run = async (event?: ResyncEvent): Promise<ResyncSummary> => {
    const tick = Math.floor(clock.now() / 60_000);
    const summary = await resync(
      { controllers, storage, clients, queues, log, memory },
      { tick, whole: event?.whole === true },
    );
    log.info('resync', { ...summary });
    const { unsent, failed } = summary;
    if (unsent + failed > 0)
      throw new Error(`${unsent} messages not sent, ${failed} clusters not looked at to the end`);
    return summary;
  };
  return (event?: ResyncEvent) => delivering(() => run(event));
}
