import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import { randomIds } from '../shared/clock/randomIds.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { backOffSeconds, type MessageQueue } from '../shared/cloud/aws/queues/index.ts';
import type { Cloud, RuntimeEventSink } from '../shared/cloud/provider.ts';
import {
  createWorker,
  decodeWork,
  type Group,
  groupOf,
  type Worker,
} from '../shared/controllers/manager/queue/index.ts';
import { controllers } from '../shared/controllers/registry.ts';
import { jsonLogger } from '../shared/observability/jsonLogger.ts';
import type { Logger } from '../shared/observability/logger.ts';
import { dynamoClient } from '../shared/storage/dynamodb/client.ts';
import { openTimers } from '../shared/storage/dynamodb/timers.ts';
import { coreConfig, type Env } from './config.ts';
import { openAwsCore } from './core.ts';
import { openQueues, workQueues, workTimers } from './dispatchQueues.ts';
import { protectedBy } from './encryption.ts';
import { workOfTaskEvent } from './taskEvents.ts';

/** Time kept for saying what is not done, before the Lambda itself ends and everything would come again. */
const lastMs = 5_000;

/** What drivers are opened with. */
export interface ReconcileParts {
  env: Env;
  deployment: string;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Where a runtime tells what kubelet would. */
  events: RuntimeEventSink;
}

/**
 * Builds the worker of one controller group from the environment, once for all deliveries of this Lambda. `open` opens
 * the cloud ports that the group touches. Throws what names a wrong variable.
 */
export function openReconcile(env: Env, group: Group, open: (parts: ReconcileParts) => Partial<Cloud>) {
  const config = coreConfig(env);
  const [clock, ids, dynamo] = [systemClock, randomIds, dynamoClient()];
  const log = jsonLogger({ clock, write: (line) => process.stdout.write(line) });
  const core = openAwsCore({ config, dynamo, clock, ids, log, protect: protectedBy(config, clock, ids) });
  const queue = openQueues(env, [group], { clock, ids })[group];
  const events: RuntimeEventSink = (ref, event) => worker.podEvent(ref, event);
  const parts = { env, deployment: config.deployment, clock, ids, log, events };
  const worker: Worker = createWorker({
    controllers: controllers.filter((controller) => groupOf(controller) === group),
    clients: core.clients,
    cloud: withoutOthers(group, open(parts)),
    clock,
    ids,
    log,
    env: core.environment,
    queues: workQueues({ [group]: queue }),
    timers: workTimers(openTimers({ client: dynamo, table: config.table, clock, ids })),
  });
  return reconcileMessages({ deployment: config.deployment, worker, queue, ids, log });
}

/** A port that the group has no rights for says so when it is used. */
function withoutOthers(group: Group, cloud: Partial<Cloud>): Cloud {
  const refuse = (port: string) =>
    new Proxy(
      {},
      {
        get: (_, call) => {
          throw new Error(`controllers of the group ${group} may not use ${port}.${String(call)}`);
        },
      },
    ) as never;
  return { pods: refuse('pods'), loadBalancers: refuse('loadBalancers'), ...cloud };
}

export interface MessageParts {
  deployment: string;
  worker: Pick<Worker, 'run'>;
  queue: Pick<MessageQueue, 'hide'>;
  ids: Ids;
  log: Logger;
}

/** Handles deliveries of a queue. A message that failed stays, hidden the longer the more often it failed. */
export const reconcileMessages =
  ({ deployment, worker, queue, ids, log }: MessageParts) =>
  async (
    { Records }: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const budgetMs = Math.max(1, context.getRemainingTimeInMillis() - lastMs);
    const asked = Records.flatMap((record) => {
      const work = decodeWork(record.body) ?? workOfTaskEvent(deployment, record.body);
      if (!work) log.warn('a message that says nothing to this group', { messageId: record.messageId });
      return work ? [{ record, work }] : [];
    });
    const again = await worker.run(
      asked.map(({ work }) => work),
      budgetMs,
    );
    const failed = [...again.keys()].map((i) => asked[i]!.record);
    await Promise.all(
      failed.map(({ receiptHandle, attributes }) =>
        queue
          .hide(receiptHandle, backOffSeconds(Number(attributes.ApproximateReceiveCount), ids.random()))
          .catch((error: unknown) => log.warn('a message comes again sooner than it should', { error })),
      ),
    );
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
