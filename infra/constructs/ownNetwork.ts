import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  type GatewayVpcEndpointOptions,
  InstanceType,
  IpAddresses,
  IpProtocol,
  type ISubnet,
  type NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Settings, SubnetInZone } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';

/** The network that a deployment makes for itself. */
export interface OwnNetwork {
  vpc: Vpc;
  /** Where tasks stand. */
  subnets: SubnetInZone[];
  /** Where load balancers of the internet stand. */
  balancerSubnets: SubnetInZone[];
  /** Whether tasks get public addresses. */
  publicIp: boolean;
  /** Addresses that all Pods come from, where they are known and stay. */
  outgoing: string[];
}

/** All addresses of the own network. */
export const ownCidr = '10.0.0.0/16';
/** The smallest machine: some 2 Gbit/s for a while, a few dozen Mbit/s all the time. */
const natMachine = 't4g.nano';

/**
 * Without NAT there are public subnets only: idle costs nothing, and tasks get public addresses, though only Pods and load
 * balancers may reach them. With NAT tasks stand in private subnets beside the public ones, which keep their addresses, so
 * that a deployment can change from one to the other.
 */
export function ownNetwork(scope: Construct, settings: Settings): OwnNetwork {
  const { nat, zones, ipv6 } = settings;
  const zoneCount = zones?.length ?? 2;
  const gateways = Math.min(settings.natGateways ?? zoneCount, zoneCount);
  const addresses =
    nat === 'gateway'
      ? Array.from({ length: gateways }, (_, i) => new CfnEIP(scope, `Outgoing${i}`, { domain: 'vpc' }))
      : [];
  const machine = nat === 'instance' ? natInstance() : undefined;
  const provider =
    machine ??
    NatProvider.gateway({ eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId) });
  const vpc = new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr(ownCidr),
    ...(zones ? { availabilityZones: zones } : { maxAzs: 2 }),
    natGateways: { none: 0, gateway: gateways, instance: 1 }[nat],
    ...(nat !== 'none' && { natGatewayProvider: provider }),
    ...(ipv6 && { ipProtocol: IpProtocol.DUAL_STACK }),
    subnetConfiguration: subnetsFor(settings, zoneCount),
    gatewayEndpoints: gatewaysFor(settings),
    // It would be a function with rights on every security group; nothing uses the default group.
    restrictDefaultSecurityGroup: false,
  });
  acknowledge(vpc, {
    'AwsSolutions-VPC7': 'Flow logs cost by traffic and record what Pods do: the choice of the operator.',
  });
  if (machine) openTo(vpc, machine);
  const tasks = nat === 'none' ? vpc.publicSubnets : vpc.privateSubnets;
  return {
    vpc,
    subnets: tasks.map(inZone),
    balancerSubnets: vpc.publicSubnets.map(inZone),
    publicIp: nat === 'none',
    outgoing: addresses.map(({ ref }) => ref),
  };
}

/** Ways past the NAT, which cost nothing. */
const gatewaysFor = ({ nat, scaleToZero }: Settings): Record<string, GatewayVpcEndpointOptions> => ({
  // Layers of images in ECR come from S3.
  ...(nat !== 'none' && { S3: { service: GatewayVpcEndpointAwsService.S3 } }),
  // The activator stands in the network and asks the table.
  ...(scaleToZero && { Table: { service: GatewayVpcEndpointAwsService.DYNAMODB } }),
});

const inZone = ({ subnetId, availabilityZone }: ISubnet): SubnetInZone => ({
  id: subnetId,
  zone: availabilityZone,
});

/** Public ones first and always of the same size: what is added later moves none of them. */
function subnetsFor({ nat }: Settings, zoneCount: number): SubnetConfiguration[] {
  const publicOnes = { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 };
  if (nat === 'none') return [publicOnes];
  const cidrMask = zoneCount <= 3 ? 18 : zoneCount <= 5 ? 19 : 20;
  return [publicOnes, { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask }];
}

const natInstance = () =>
  NatProvider.instanceV2({
    instanceType: new InstanceType(natMachine),
    defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
  });

/** Only the network itself is translated for. */
function openTo(vpc: Vpc, machine: NatInstanceProviderV2): void {
  machine.connections.allowFrom(Peer.ipv4(ownCidr), Port.allTraffic(), 'The network');
  acknowledge(vpc, {
    'AwsSolutions-EC26': 'The disk of the machine holds its operating system and nothing else.',
    'AwsSolutions-EC28': 'Detailed monitoring costs $2.10 a month, two thirds of what the machine does.',
    'AwsSolutions-EC29': 'It goes with the deployment, and another one can take its place.',
  });
}
