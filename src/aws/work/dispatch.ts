import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import {
  type DispatchDeps,
  dispatch,
  type LoggedChange,
  openCoalescing,
} from '../../shared/controllers/manager/queue/index.ts';
import type { Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { eventBridgeClient } from '../drivers/bus/client.ts';
import { type EventBus, openEventBus } from '../drivers/bus/index.ts';
import { delivering } from '../drivers/delivery.ts';
import type { Item } from '../drivers/dynamodb/layout.ts';
import { streamReader } from '../drivers/dynamodb/streamRecords.ts';
import { functionParts } from '../functionParts.ts';
import { environment } from '../names.ts';
import { controllersFor } from './controllers.ts';
import { eventOf } from './dispatchEvents.ts';
import { openWork } from './dispatchQueues.ts';
import { imageOf, openedBy } from './dispatchRecords.ts';

/** Builds the dispatch from the environment, once for all deliveries of this Lambda. Throws what names a wrong variable. */
export function openDispatch(env: Env) {
  const parts = functionParts(env);
  const { config, dynamo, clock, ids, log, protect } = parts;
  const { clients } = openAwsCore(parts);
  const read = streamReader({ client: dynamo, table: config.table, clock, ids });
  const opened = openedBy(protect);
  const controllers = controllersFor(env);
  const bus = env[environment.eventBus];
  const dispatchAll = dispatchRecords({
    deployment: config.deployment,
    read: async (image) => {
      const change = await read(image);
      return change && opened(change);
    },
    controllers,
    clients,
    queues: openWork(env, { clock, ids }),
    coalescing: openCoalescing(clock, controllers),
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
