import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import { type Stage, sweep } from '../drivers/sweep/index.ts';

/** Time kept for the answer. */
const lastMs = 15_000;

export interface DrainParts {
  stages: Stage[];
  clock: Clock;
  log: Logger;
  /** Sends CloudFormation what it waits for. */
  answer(url: string, body: string): Promise<void>;
}

/**
 * Answers CloudFormation's custom resource: its deletion removes everything that was made at run time. What is not gone
 * in the Lambda's time fails the deletion, naming what is left; the next one goes on from there.
 */
export const drain =
  ({ stages, clock, log, answer }: DrainParts) =>
  async (
    event: CloudFormationCustomResourceEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<void> => {
    const until = clock.now() + context.getRemainingTimeInMillis() - lastMs;
    const left = event.RequestType === 'Delete' ? await sweep({ stages, clock, log, until }) : {};
    const kinds = Object.entries(left).map(([kind, count]) => `${kind} (${count})`);
    const done = kinds.length === 0;
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = {
      Status: done ? 'SUCCESS' : 'FAILED',
      ...(!done && { Reason: `Still there: ${kinds.join(', ')}. Destroy again to go on.`.slice(0, 1_000) }),
      PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : 'shallop-drain',
      StackId,
      RequestId,
      LogicalResourceId,
    };
    log.info('drained', { request: event.RequestType, left });
    await answer(event.ResponseURL, JSON.stringify(body));
  };
