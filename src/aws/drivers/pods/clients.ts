import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The driver tries again by itself. */
export const settings = {
  maxAttempts: 1,
  requestHandler: requestHandler(),
};

/** The SDK's clients: region, credentials and endpoint from the environment. */
export const fargateClients = () => ({
  ecs: withinDelivery(new ECSClient(settings)),
  logs: withinDelivery(new CloudWatchLogsClient(settings)),
});
