import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { openDispatch } from '../../src/aws/work/dispatch.ts';

/** Changes of the table → work for the controllers' queues, and events for automation. */
export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(openDispatch(process.env));
