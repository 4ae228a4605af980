import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { FigureClients } from './figures.ts';

/**
 * The SDK's clients for a region, with credentials as the AWS CLI finds them. They are imported by name, so that the package
 * carries what is used of them.
 */
export function figureClients(place: {
  region: string;
  profile?: string;
}): FigureClients & { close(): void } {
  const requestHandler = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  const clients = {
    cloudwatch: new CloudWatchClient({ ...place, requestHandler }),
    ecs: new ECSClient({ ...place, requestHandler }),
    serviceQuotas: new ServiceQuotasClient({ ...place, requestHandler }),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
