import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { writeFailed } from '../../../shared/storage/log/errors.ts';

/** Describes what the driver needs of the SDK. */
export type DynamoClient = Pick<DynamoDBClient, 'send'>;

export interface Failure {
  name?: string;
  $fault?: string;
  code?: string;
  /** Also beside an answer that could not be read, as of a proxy before the service. */
  $metadata?: { httpStatusCode?: number };
  CancellationReasons?: { Code?: string; Item?: Record<string, unknown> }[];
}

const passing = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'InternalServerError',
  'ServiceUnavailable',
  'TransactionInProgressException',
  'TransactionConflictException',
  'TimeoutError',
  'NetworkingError',
]);
const passingReasons = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

export const isConditionFailed = (error: unknown): boolean =>
  (error as Failure).name === 'ConditionalCheckFailedException';

/** The reasons of a cancelled transaction, one per item. */
export const cancellation = (error: unknown): Failure['CancellationReasons'] =>
  (error as Failure).name === 'TransactionCanceledException'
    ? (error as Failure).CancellationReasons
    : undefined;

/** Returns whether the same request may well succeed in a moment; its outcome may be unknown. */
export function mayPass(error: unknown): boolean {
  const { name = '', code = '', $fault, $metadata: { httpStatusCode = 0 } = {} } = error as Failure;
  const reasons = cancellation(error);
  if (reasons) return reasons.every(({ Code = 'None' }) => passingReasons.has(Code));
  return (
    passing.has(name) ||
    $fault === 'server' ||
    httpStatusCode >= 500 ||
    /^E(CONN|PIPE|TIMEDOUT|AI_AGAIN)/.test(code)
  );
}

export interface SenderOptions {
  clock: Clock;
  ids: Ids;
  /** Tries before a request fails with ServiceUnavailable. */
  attempts: number;
}

const firstBackOffMs = 25;
const longestBackOffMs = 1_000;

/**
 * Tries `request` again while it may pass, with full jitter. `alive` false: too late for another try.
 * Throws ServiceUnavailable when it never passed, other errors as they are.
 */
export async function persist<T>(
  { clock, ids, attempts }: SenderOptions,
  request: () => Promise<T>,
  alive: () => boolean = () => true,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (attempt >= attempts) throw writeFailed(error);
      await clock.sleep(Math.ceil(ids.random() * Math.min(firstBackOffMs * 2 ** attempt, longestBackOffMs)));
      if (!alive()) throw writeFailed(error);
    }
  }
}
