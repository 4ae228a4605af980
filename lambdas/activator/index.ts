import type { ALBEvent, ALBResult } from 'aws-lambda';
import { observed } from '../../src/aws/observability/observed.ts';
import { openActivatorFunction } from '../../src/aws/scaletozero/roots.ts';

/** Requests to Services that sleep wait here, and are passed on to the first Pod. */
export const handler = observed<ALBEvent, ALBResult>().handler(openActivatorFunction(process.env));
