import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { observed } from '../../src/aws/observability/observed.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';

/** The controllers that touch objects only. Autoscalers follow what the API itself measures. */
export const handler = observed<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(
    process.env,
    'workloads',
    ({ statistics }) => ({ ...(statistics && { statistics }) }),
    controllers,
  ),
);
