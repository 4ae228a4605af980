import middy from '@middy/core';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { openDrain } from '../../src/aws/drain/drain.ts';

/** Removes at destroy what was made at run time. */
export const handler = middy<CloudFormationCustomResourceEvent, void>().handler(openDrain(process.env));
