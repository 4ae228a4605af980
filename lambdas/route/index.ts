import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openRoute } from '../../src/aws/work/route.ts';

/** The queue's messages → the functions of their controller groups. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(openRoute(process.env));
