import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { servicesControllers } from '../../src/aws/controllers/services.ts';
import { observed } from '../../src/aws/observability/observed.ts';
import { openReconcile } from '../../src/aws/work/reconcile.ts';
import { servicesCloud } from '../../src/aws/work/reconcileServices.ts';

/** The controllers of Services: load balancers and names. */
export const handler = observed<SQSEvent, SQSBatchResponse>().handler(
  openReconcile(process.env, 'services', servicesCloud, servicesControllers),
);
