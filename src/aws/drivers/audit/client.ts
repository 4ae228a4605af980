import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { requestHandler } from '../requestHandler.ts';

/**
 * The SDK's client: region, credentials and endpoint from the environment. What a delivery that has ended left behind may go
 * out with the next one, so it is not bound to deliveries. Clients of the API wait for it, so it gives up soon.
 */
export const auditClient = (): CloudWatchLogsClient =>
  new CloudWatchLogsClient({ maxAttempts: 1, requestHandler: requestHandler(2_000) });
