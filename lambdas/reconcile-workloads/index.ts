import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';

/** The controllers that touch objects only. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'workloads', () => ({}), controllers),
);
