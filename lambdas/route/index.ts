import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { observed } from '../../src/aws/observability/observed.ts';
import { openRoute } from '../../src/aws/work/route.ts';

/** The queue's messages → the functions of their controller groups. */
export const handler = observed<SQSEvent, SQSBatchResponse>().handler(openRoute(process.env));
