import { ACMClient } from '@aws-sdk/client-acm';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Place } from '../../../src/aws/drivers/loadBalancers/desired.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { randomIds } from '../../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { type Account, region } from './account.ts';

/** A clock whose sleeps take no time. */
export function passingClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

/** Of every driver. */
export const driverParts = { clock: systemClock, ids: randomIds, deployment: 'dev' };

/** What the drivers of Services, Secrets and claims speak with. */
export const driverClients = ({ open }: Account) => ({
  acm: open(ACMClient),
  elb: open(ElasticLoadBalancingV2Client),
  ec2: open(EC2Client),
  route53: open(Route53Client),
  secretsManager: open(SecretsManagerClient),
  ecs: open(ECSClient),
  efs: open(EFSClient),
});
export type DriverClients = ReturnType<typeof driverClients>;

/** A new VPC as the stack's: with host names, and subnets in two zones. And a security group. */
export async function network({ ec2 }: DriverClients): Promise<Omit<Place, 'deployment'>> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpc = Vpc?.VpcId ?? '';
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
  const subnets: string[] = [];
  for (const [i, zone] of ['a', 'b'].entries()) {
    const subnet = { CidrBlock: `10.0.${i + 1}.0/24`, AvailabilityZone: `${region}${zone}` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, ...subnet }));
    subnets.push(Subnet?.SubnetId ?? '');
  }
  const group = { VpcId: vpc, GroupName: 'balancers', Description: 'of load balancers' };
  const { GroupId: securityGroup = '' } = await ec2.send(new CreateSecurityGroupCommand(group));
  return { vpc, subnets, securityGroup };
}

/** The id of a new zone `cluster.local`. */
export async function zoneIn({ route53 }: DriverClients): Promise<string> {
  const request = new CreateHostedZoneCommand({ Name: 'cluster.local', CallerReference: randomIds.uid() });
  return (await route53.send(request)).HostedZone?.Id ?? '';
}
