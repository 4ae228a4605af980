import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Ids } from '../../shared/clock/ids.ts';
import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import { type Env, required } from '../config.ts';
import { lambdaClient } from '../drivers/functions/client.ts';
import { invoke } from '../drivers/functions/index.ts';
import { sqsClient } from '../drivers/queues/client.ts';
import { backOffSeconds, openReceived, type Received } from '../drivers/queues/received.ts';
import {
  type ControllerGroup,
  controllerGroups,
  environment,
  functionName,
  groupAttribute,
  mostTries,
  reconcilerOf,
  seconds,
  taskEventType,
} from '../names.ts';
import { functionLogger } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { GroupAnswer } from './groupAnswer.ts';

/** Builds the route from the environment, once for all deliveries of this Lambda. Throws what names a wrong variable. */
export function openRoute(env: Env) {
  const [clock, ids] = [systemClock, randomIds];
  const deployment = required(env, environment.deployment);
  const client = lambdaClient(seconds.invoke * 1_000);
  return routeMessages({
    work: (group, event) => invoke(client, functionName(deployment, reconcilerOf(group)), event),
    queue: openReceived({ client: sqsClient(), url: required(env, environment.queue), clock, ids }),
    ids,
    log: functionLogger(),
    failed: () => count('FunctionFailures'),
  });
}

export interface RouteParts {
  /** Has the function of a group work on its messages; answers what it answers. Throws when it does not. */
  work(group: ControllerGroup, event: SQSEvent): Promise<unknown>;
  queue: Received;
  ids: Ids;
  log: Logger;
  /** Told when the function of a group failed as a whole. */
  failed?(): void;
}

/**
 * Handles deliveries of the queue: the messages of each group go to its function, all groups at the same time. A
 * function that fails as a whole fails the messages of its group only. What failed stays, hidden the longer the more
 * often it did; what is for nobody fails too, so that it is set aside and seen. The log names the failed step of each
 * message that is set aside: SQS keeps only its body.
 */
export const routeMessages =
  ({ work, queue, ids, log, failed: tellFailed }: RouteParts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failedOf = async (group: ControllerGroup | undefined, records: SQSRecord[]): Promise<Failure[]> => {
      if (!group) {
        for (const { messageId, body } of records)
          log.error('a message for no group', { messageId, body: shown(body) });
        return records.map((record) => ({ record }));
      }
      try {
        return failuresIn(await work(group, { Records: records }), records);
      } catch (error) {
        log.error('the function of a group failed', { group, messages: records.length, error });
        tellFailed?.();
        return records.map((record) => ({ record }));
      }
    };
    const byGroup = Map.groupBy(Records, groupOf);
    const failed = await Promise.all([...byGroup].map(([group, records]) => failedOf(group, records)));
    await Promise.all(
      failed.flat().map(({ record: { receiptHandle, messageId, body, attributes }, why }) => {
        const tries = Number(attributes.ApproximateReceiveCount);
        if (tries >= mostTries) log.error('set aside', { messageId, tries, body: shown(body), why });
        // Of what ECS tells, the end of a task by Spot leaves two minutes to take it out of service.
        const hidden = backOffSeconds(tries, ids.random(), isTaskEvent(body));
        return queue
          .hide(receiptHandle, hidden)
          .catch((error: unknown) => log.warn('a message comes again sooner than it should', { error }));
      }),
    );
    return { batchItemFailures: failed.flat().map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };

interface Failure {
  record: SQSRecord;
  /** As the function of the group says; absent when it failed as a whole, which has its own line. */
  why?: string;
}

const shown = (body: string) => body.slice(0, 300);

/** EventBridge gives its messages no attributes: the events of ECS are for the controllers of Pods. */
function groupOf({ messageAttributes, body }: SQSRecord): ControllerGroup | undefined {
  const named = messageAttributes[groupAttribute]?.stringValue;
  if (named === undefined) return isTaskEvent(body) ? 'pods' : undefined;
  return controllerGroups.find((group) => group === named);
}

function isTaskEvent(body: string): boolean {
  try {
    return (JSON.parse(body) as Record<string, unknown> | null)?.['detail-type'] === taskEventType;
  } catch {
    return false;
  }
}

/** Throws when the answer is none of a function that got these messages. */
function failuresIn(answer: unknown, records: SQSRecord[]): Failure[] {
  const { batchItemFailures } = (answer ?? {}) as Partial<GroupAnswer>;
  if (!Array.isArray(batchItemFailures)) throw new Error(`no answer to messages: ${JSON.stringify(answer)}`);
  const reasons = new Map(batchItemFailures.map((failure) => [failure?.itemIdentifier, failure?.why]));
  const failed = records.filter(({ messageId }) => reasons.has(messageId));
  if (failed.length < reasons.size) throw new Error(`an answer to other messages: ${JSON.stringify(answer)}`);
  return failed.map((record) => ({ record, why: reasons.get(record.messageId) }));
}
