import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';
import { secretsCloud } from '../../src/aws/work/reconcileSecrets.ts';

/** The controllers of Secrets: copies in Secrets Manager. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'secrets', secretsCloud, controllers),
);
