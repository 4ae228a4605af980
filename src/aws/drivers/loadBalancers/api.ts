import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sender } from '../sender.ts';

/** Describes what the parts of this driver send with. */
export interface Api {
  elb: Pick<ElasticLoadBalancingV2Client, 'send'>;
  ec2: Pick<EC2Client, 'send'>;
  send: Sender;
}
