import type { FigureClients } from './figures.ts';

/** The SDK's clients for a region, with credentials as the AWS CLI finds them. */
export async function figureClients(place: {
  region: string;
  profile?: string;
}): Promise<FigureClients & { close(): void }> {
  const [{ CloudWatchClient }, { ECSClient }, { ServiceQuotasClient }] = await Promise.all([
    import('@aws-sdk/client-cloudwatch'),
    import('@aws-sdk/client-ecs'),
    import('@aws-sdk/client-service-quotas'),
  ]);
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
