import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Check } from '../check.ts';

/** Whether the account may make load balancers: some young ones may not, and nothing tells before the first. */
export const loadBalancers: Check = {
  name: 'load balancers',
  look: async () => {
    const client = new ElasticLoadBalancingV2Client({});
    const { LoadBalancers = [] } = await client.send(new DescribeLoadBalancersCommand({}));
    if (LoadBalancers.length)
      return { verdict: 'good', says: `${LoadBalancers.length} are there, so they may be made` };
    return {
      verdict: 'unknown',
      says: 'there are none, and only the first one tells whether the account may have any',
      remedy:
        'npm run account -- prove makes one; where it is refused (OperationNotPermitted), AWS Support lifts that',
    };
  },
};
