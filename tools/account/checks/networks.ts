import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Check } from '../check.ts';

const usualQuota = 5;

/** Whether there is room for one more network: each deployment has its own. */
export const networks: Check = {
  name: 'networks',
  look: async () => {
    const { Vpcs = [] } = await new EC2Client({}).send(new DescribeVpcsCommand({}));
    const asked = new GetServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' });
    const quota = await new ServiceQuotasClient({}).send(asked).then(
      ({ Quota }) => Quota?.Value ?? usualQuota,
      () => usualQuota,
    );
    const says = `${Vpcs.length} of ${quota} VPCs are there`;
    if (Vpcs.length < quota) return { verdict: 'good', says };
    return { verdict: 'stops', says, remedy: 'Service Quotas, Amazon VPC, VPCs per Region; or -c vpcId=…' };
  },
};
