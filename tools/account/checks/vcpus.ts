import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Check } from '../check.ts';

const smallestPod = 0.25;
const comfortable = 32;

/** How much may run on Fargate. */
const vcpus = (what: string, QuotaCode: string): Check => ({
  name: `Fargate ${what}`,
  look: async () => {
    const { Quota } = await new ServiceQuotasClient({}).send(
      new GetServiceQuotaCommand({ ServiceCode: 'fargate', QuotaCode }),
    );
    const value = Quota?.Value;
    if (value === undefined) throw new Error('Service Quotas has no value for it');
    const says = `${value} vCPU ${what}: ${Math.floor(value / smallestPod)} Pods of the smallest size`;
    if (value >= comfortable) return { verdict: 'good', says };
    return {
      verdict: value < smallestPod ? 'stops' : 'warns',
      says,
      remedy: `Service Quotas, AWS Fargate, ${QuotaCode}: ask for more; Pods beyond it wait, saying why`,
    };
  },
});

/** Fargate On-Demand vCPU resource count. */
export const onDemand = vcpus('on demand', 'L-3032A538');
/** Fargate Spot vCPU resource count. */
export const onSpot = vcpus('on Spot', 'L-36FBB829');
