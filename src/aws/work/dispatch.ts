import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import {
  type DispatchDeps,
  dispatch,
  type LoggedChange,
  openCoalescing,
} from '../../shared/controllers/manager/queue/index.ts';
import { coreConfig, type Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { eventBridgeClient } from '../drivers/bus/client.ts';
import { type EventBus, openEventBus } from '../drivers/bus/index.ts';
import { delivering, withinDelivery } from '../drivers/delivery.ts';
import { dynamoClient } from '../drivers/dynamodb/client.ts';
import type { Item } from '../drivers/dynamodb/layout.ts';
import { streamReader } from '../drivers/dynamodb/streamRecords.ts';
import { protectedBy } from '../encryption.ts';
import { ofKnownFormat } from '../knownFormat.ts';
import { environment } from '../names.ts';
import { functionLogger } from '../observability/logger.ts';
import { controllersFor } from './controllers.ts';
import { eventOf } from './dispatchEvents.ts';
import { openWork } from './dispatchQueues.ts';
import { imageOf, openedBy } from './dispatchRecords.ts';

/** Builds the dispatch from the environment, once for all deliveries of this Lambda. Throws what names a wrong variable. */
export function openDispatch(env: Env) {
  const config = coreConfig(env);
  const [clock, ids] = [systemClock, randomIds];
  const dynamo = ofKnownFormat(withinDelivery(dynamoClient()), { table: config.table, clock, ids });
  const log = functionLogger();
  const protect = protectedBy(config, clock, ids);
  const { clients } = openAwsCore({ config, dynamo, clock, ids, log, protect });
  const read = streamReader({ client: dynamo, table: config.table, clock, ids });
  const opened = openedBy(protect);
  const bus = env[environment.eventBus];
  const dispatchAll = dispatchRecords({
    deployment: config.deployment,
    read: async (image) => {
      const change = await read(image);
      return change && opened(change);
    },
    controllers: controllersFor(env),
    clients,
    queues: openWork(env, { clock, ids }),
    coalescing: openCoalescing(clock),
    ...(bus && { bus: openEventBus({ client: eventBridgeClient(), bus, clock, ids }) }),
    log,
  });
  return (event: DynamoDBStreamEvent) => delivering(() => dispatchAll(event));
}

export interface DispatchParts extends DispatchDeps {
  deployment: string;
  read(image: Item): Promise<LoggedChange | undefined>;
  /** Absent: object changes are not published. */
  bus?: EventBus;
}

/**
 * Handles deliveries of the table's stream. What failed is answered; the stream then offers everything from the first of
 * it on again.
 */
export const dispatchRecords =
  ({ deployment, read, bus, ...deps }: DispatchParts) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const failed = new Set<number>();
    const changes: LoggedChange[] = [];
    /** Index of the record of each change. */
    const from: number[] = [];
    const found = await Promise.all(
      Records.map(async (record, i) => {
        const image = imageOf(record);
        try {
          return image && (await read(image));
        } catch (error) {
          deps.log.error('a change could not be read', { key: record.dynamodb?.Keys, error });
          failed.add(i);
          return undefined;
        }
      }),
    );
    for (const [i, change] of found.entries()) if (change && changes.push(change)) from.push(i);
    for (const i of await dispatch(changes, deps)) failed.add(from[i]!);
    if (bus) for (const i of await publish(changes, deployment, bus)) failed.add(from[i]!);
    return {
      batchItemFailures: [...failed]
        .sort((a, b) => a - b)
        .map((i) => ({ itemIdentifier: Records[i]!.dynamodb?.SequenceNumber ?? '' })),
    };
  };

/** Answers the indexes of changes that the bus did not take. */
async function publish(
  changes: readonly LoggedChange[],
  deployment: string,
  bus: EventBus,
): Promise<number[]> {
  const events = changes.map((change) => eventOf(change, deployment));
  const index = events.flatMap((event, i) => (event ? i : []));
  const untaken = await bus.put(events.filter((event) => event !== undefined));
  return untaken.map((i) => index[i]!);
}
