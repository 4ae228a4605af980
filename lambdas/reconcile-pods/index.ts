import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { observed } from '../../src/aws/observability/observed.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';
import { podsCloud } from '../../src/aws/work/reconcilePods.ts';

/** The controllers of Pods: tasks on Fargate. */
export const handler = observed<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'pods', podsCloud, controllers),
);
