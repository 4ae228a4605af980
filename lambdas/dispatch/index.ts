import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { observed } from '../../src/aws/observability/observed.ts';
import { openDispatch } from '../../src/aws/work/dispatch.ts';

/** Changes of the table → work for the controllers' queues, and events for automation. */
export const handler = observed<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(
  openDispatch(process.env),
);
