import { randomIds } from '../shared/clock/randomIds.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { coreConfig, type Env } from './config.ts';
import { withinDelivery } from './drivers/delivery.ts';
import { dynamoClient } from './drivers/dynamodb/client.ts';
import { protectedBy } from './encryption.ts';
import { ofKnownFormat } from './knownFormat.ts';
import { functionLogger } from './observability/logger.ts';

/**
 * Returns what every function that works on the table is built on, as `openAwsCore` takes it: nothing is asked before a request
 * comes. Throws what names a wrong variable of the environment.
 */
export function functionParts(env: Env) {
  const config = coreConfig(env);
  const [clock, ids] = [systemClock, randomIds];
  const dynamo = ofKnownFormat(withinDelivery(dynamoClient()), { table: config.table, clock, ids });
  return { config, dynamo, clock, ids, log: functionLogger(), protect: protectedBy(config, clock, ids) };
}
