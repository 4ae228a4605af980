import type { ALBEvent, ALBResult } from 'aws-lambda';
import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { coreConfig, type Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { delivering, withinDelivery } from '../drivers/delivery.ts';
import { dynamoClient } from '../drivers/dynamodb/client.ts';
import { protectedBy } from '../encryption.ts';
import { ofKnownFormat } from '../knownFormat.ts';
import { functionLogger } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { openActivator } from './activator.ts';
import { resultOf } from './message.ts';
import { send } from './send.ts';

/** Is what both functions are built on. */
export function coreParts(env: Env) {
  const config = coreConfig(env);
  const [clock, ids] = [systemClock, randomIds];
  const log = functionLogger();
  const dynamo = ofKnownFormat(withinDelivery(dynamoClient()), { table: config.table, clock, ids });
  const { clients } = openAwsCore({
    config,
    dynamo,
    clock,
    ids,
    log,
    protect: protectedBy(config, clock, ids),
  });
  return { deployment: config.deployment, clients, clock, ids, log };
}

/** Builds the activator from the environment. Throws what names a wrong variable. */
export function openActivatorFunction(env: Env) {
  const activate = openActivator({
    ...coreParts(env),
    send,
    onUnanswered: () => count('RequestsUnanswered'),
  });
  return (event: ALBEvent): Promise<ALBResult> => delivering(async () => resultOf(await activate(event)));
}
