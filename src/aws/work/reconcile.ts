import type { Context, SQSEvent } from 'aws-lambda';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { Controller } from '../../shared/controllers/controller.ts';
import {
  createWorker,
  decodeWork,
  type Group,
  groupOf,
  type Worker,
} from '../../shared/controllers/manager/queue/index.ts';
import { textWithSteps } from '../../shared/errors/steps.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Cloud, PodStatistics, RuntimeEventSink } from '../../shared/ports/cloud.ts';
import type { Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { delivering } from '../drivers/delivery.ts';
import { inOneMoment } from '../drivers/dynamodb/moment.ts';
import type { DynamoClient } from '../drivers/dynamodb/sender.ts';
import { openTimers } from '../drivers/dynamodb/timers.ts';
import { functionParts } from '../functionParts.ts';
import { count } from '../observability/metrics.ts';
import { metricOf } from '../observability/podTrouble.ts';
import { openTraces, tracedController } from '../observability/tracing.ts';
import { openWork, workTimers } from './dispatchQueues.ts';
import type { GroupAnswer } from './groupAnswer.ts';
import { workOfTaskEvent } from './taskEvents.ts';

/** Time kept for saying what is not done, before the Lambda itself ends and everything would come again. */
const lastMs = 5_000;

/** Describes what drivers are opened with. */
export interface ReconcileParts {
  env: Env;
  deployment: string;
  /** Reaches the table. */
  dynamo: DynamoClient;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Says where a runtime tells what kubelet would. */
  events: RuntimeEventSink;
  /** Is what Pods tell of their use; absent where nobody measures them. */
  statistics?: PodStatistics;
}

/**
 * Builds the worker of one controller group from the environment, once for all deliveries of this Lambda. `open` opens
 * the cloud ports that the group touches; of the controllers those of the group are run. Throws what names a wrong variable.
 */
export function openReconcile(
  env: Env,
  group: Group,
  open: (parts: ReconcileParts) => Partial<Cloud>,
  controllers: readonly Controller[],
) {
  const common = functionParts(env);
  const { config, dynamo, clock, ids, log } = common;
  const core = openAwsCore(common);
  const events: RuntimeEventSink = (ref, event) => {
    const metric = metricOf(event);
    if (metric) count(metric);
    worker.podEvent(ref, event);
  };
  const { statistics } = core;
  const own = controllers.filter((controller) => groupOf(controller) === group);
  const trace = openTraces(env);
  const parts = {
    ...{ env, deployment: config.deployment, dynamo, clock, ids, log, events },
    ...(statistics && { statistics }),
  };
  const worker: Worker = createWorker({
    controllers: trace ? own.map((each) => tracedController(each, trace, () => clock.now())) : own,
    clients: core.clients,
    cloud: withoutOthers(group, open(parts)),
    clock,
    ids,
    log,
    env: core.environment,
    queues: openWork(env, { clock, ids }),
    timers: workTimers(openTimers({ client: dynamo, table: config.table, clock, ids })),
  });
  return reconcileMessages({ deployment: config.deployment, worker, log });
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
  log: Logger;
}

/** Handles what the route has for the group, and answers what failed: the route sees to it that it comes again. */
export const reconcileMessages =
  ({ deployment, worker, log }: MessageParts) =>
  ({ Records }: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<GroupAnswer> =>
    delivering(async () => {
      const budgetMs = Math.max(1, context.getRemainingTimeInMillis() - lastMs);
      const asked = Records.flatMap(({ messageId, body }) => {
        const work = decodeWork(body) ?? workOfTaskEvent(deployment, body);
        if (!work) log.warn('a message that says nothing to this group', { messageId });
        return work ? [{ messageId, work }] : [];
      });
      const works = asked.map(({ work }) => work);
      const again = await inOneMoment(() => worker.run(works, budgetMs));
      const batchItemFailures = [...again].map(([i, error]) => ({
        itemIdentifier: asked[i]!.messageId,
        why: textWithSteps(error),
      }));
      return { batchItemFailures };
    });
