import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';

/** The driver tries again by itself. */
export const settings = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
};

/** The SDK's clients: region, credentials and endpoint from the environment. */
export const fargateClients = () => ({
  ecs: new ECSClient(settings),
  logs: new CloudWatchLogsClient(settings),
});
