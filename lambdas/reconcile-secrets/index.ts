import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { observed } from '../../src/aws/observability/observed.ts';
import { controllersFor } from '../../src/aws/work/controllers.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';
import { secretsCloud } from '../../src/aws/work/reconcileSecrets.ts';

/** The controllers of Secrets: copies in Secrets Manager. */
export const handler = observed<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'secrets', secretsCloud, controllersFor(process.env)),
);
