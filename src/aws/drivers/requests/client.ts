import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. Who uses it tries again by himself. */
export const cloudWatchClient = () =>
  new CloudWatchClient({ maxAttempts: 1, requestHandler: requestHandler() });
