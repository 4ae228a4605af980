import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { openDrain } from '../../src/aws/drain/drain.ts';
import { observed } from '../../src/aws/observability/observed.ts';

/** Removes at destroy what was made at run time. */
export const handler = observed<CloudFormationCustomResourceEvent, void>().handler(openDrain(process.env));
