import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The driver tries again by itself. */
const settings = { maxAttempts: 1, requestHandler: requestHandler() };

/** The SDK's clients: region, credentials and endpoint from the environment. */
export const loadBalancerClients = () => ({
  elb: withinDelivery(new ElasticLoadBalancingV2Client(settings)),
  ec2: withinDelivery(new EC2Client(settings)),
});
