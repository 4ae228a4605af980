import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';
import { podsCloud } from '../../src/aws/work/reconcilePods.ts';

/** The controllers of Pods: tasks on Fargate. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'pods', podsCloud, controllers),
);
