import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { MetricAsked } from './metrics.ts';

/** Quotas of the account that a deployment lives within. */
export const quotaCodes = {
  /** vCPU of tasks on demand, and on Spot. */
  onDemand: { ServiceCode: 'fargate', QuotaCode: 'L-3032A538' },
  spot: { ServiceCode: 'fargate', QuotaCode: 'L-36FBB829' },
  /** Functions at the same time. */
  executions: { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' },
} as const;
export type QuotaName = keyof typeof quotaCodes;

export interface Quota {
  limit: number;
  /** Names the figure that counts what is used of it, where Service Quotas knows one. */
  usage?: MetricAsked;
}

/** Reads a quota of the account. Throws when Service Quotas does not tell it. */
export async function readQuota(client: Pick<ServiceQuotasClient, 'send'>, name: QuotaName): Promise<Quota> {
  const { Quota: found } = await client.send(new GetServiceQuotaCommand(quotaCodes[name]));
  if (found?.Value === undefined) throw new Error('Service Quotas has no value for it');
  const { MetricNamespace, MetricName, MetricDimensions } = found.UsageMetric ?? {};
  return {
    limit: found.Value,
    ...(MetricNamespace &&
      MetricName && {
        usage: {
          namespace: MetricNamespace,
          name: MetricName,
          dimensions: MetricDimensions ?? {},
          fold: 'latest',
        },
      }),
  };
}
