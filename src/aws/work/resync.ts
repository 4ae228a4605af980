import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { openMemory, type ResyncSummary, resync } from '../../shared/controllers/manager/queue/index.ts';
import { coreConfig, type Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { delivering, withinDelivery } from '../drivers/delivery.ts';
import { dynamoClient } from '../drivers/dynamodb/client.ts';
import { protectedBy } from '../encryption.ts';
import { ofKnownFormat } from '../knownFormat.ts';
import { functionLogger } from '../observability/logger.ts';
import { controllersFor } from './controllers.ts';
import { openWork } from './dispatchQueues.ts';

/** Describes what the resync may be invoked with; the schedule sends something else, which is ignored. */
export interface ResyncEvent {
  /** Look at everything now. */
  whole?: boolean;
}

/** Builds the resync from the environment, once for all its runs. Throws what names a wrong variable. */
export function openResync(env: Env) {
  const config = coreConfig(env);
  const [clock, ids] = [systemClock, randomIds];
  const dynamo = ofKnownFormat(withinDelivery(dynamoClient()), { table: config.table, clock, ids });
  const log = functionLogger();
  const protect = protectedBy(config, clock, ids);
  const { storage, clients } = openAwsCore({
    config,
    dynamo,
    clock,
    ids,
    log,
    protect,
  });
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
