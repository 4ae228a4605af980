import { observed } from '../../src/aws/observability/observed.ts';
import { openSleeperFunction } from '../../src/aws/scaletozero/sleeper.ts';

/** Each minute: Services that nobody uses are put to sleep. */
export const handler = observed<unknown, void>().handler(openSleeperFunction(process.env));
