import {
  CfnDHCPOptions,
  CfnVPCDHCPOptionsAssociation,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { clusterDomain } from '../../src/shared/ports/names.ts';
import type { Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';

/** Public subnets without NAT: idle costs nothing. Tasks get public addresses, but only Pods and load balancers may reach them. */
const ownCidr = '10.0.0.0/16';

/** Where tasks and load balancers stand, and the zone of Service names. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly subnets: { id: string; zone: string }[];
  readonly publicIp: boolean;
  /** Its rules say who reaches Pods. */
  readonly podSecurityGroup: SecurityGroup;
  readonly podMembers: SecurityGroup;
  readonly loadBalancerSecurityGroup: SecurityGroup;
  readonly zone: PrivateHostedZone;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { name, network } = settings;
    const vpc = network ? this.#existing(settings) : this.#own(settings);
    this.vpcId = vpc.vpcId;
    this.publicIp = network?.publicIp ?? true;
    this.subnets =
      network?.subnets ??
      vpc.publicSubnets.map(({ subnetId, availabilityZone }) => ({ id: subnetId, zone: availabilityZone }));

    this.loadBalancerSecurityGroup = new SecurityGroup(this, 'LoadBalancers', {
      vpc,
      description: `Load balancers of shallop ${name}`,
    });
    this.podSecurityGroup = new SecurityGroup(this, 'Pods', {
      vpc,
      description: `Pods of shallop ${name}`,
    });
    // A second group of every Pod says that it is one: rules of a group about itself are resources of their own.
    this.podMembers = new SecurityGroup(this, 'PodMembers', {
      vpc,
      description: `Who is a Pod of shallop ${name}`,
    });
    // Nothing else of the VPC reaches a Pod's ports.
    this.#allow(this.podMembers, 'Other Pods');
    // Every load balancer has this group beside its own, so it also tells who passed on what keeps its client's address.
    this.#allow(this.loadBalancerSecurityGroup, 'Load balancers');

    this.zone = new PrivateHostedZone(this, 'Names', { zoneName: clusterDomain, vpc });
    if (settings.searchDomains) this.#searchDomains(vpc);
  }

  /** Lets members of a group reach Pods. The rule is a part of the Pods' group: nothing refers back. */
  #allow({ securityGroupId }: SecurityGroup, description: string): void {
    const members = Object.assign(Peer.securityGroupId(securityGroupId), { canInlineRule: true });
    this.podSecurityGroup.addIngressRule(members, Port.allTraffic(), description);
  }

  #own({ zones }: Settings): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(ownCidr),
      ...(zones ? { availabilityZones: zones } : { maxAzs: 2 }),
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 }],
      // It would be a function with rights on every security group; nothing uses the default group.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, {
      'AwsSolutions-VPC7': 'Flow logs cost by traffic and record what Pods do: the choice of the operator.',
    });
    return vpc;
  }

  #existing({ network }: Settings): IVpc {
    const { vpcId, subnets, cidr } = network!;
    return Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      vpcCidrBlock: cidr,
      availabilityZones: subnets.map(({ zone }) => zone),
    });
  }

  /** Tasks take them from the VPC when they start; ECS has no search list of its own on Fargate. */
  #searchDomains(vpc: IVpc): void {
    const options = new CfnDHCPOptions(this, 'SearchDomains', {
      domainName: `default.svc.${clusterDomain} svc.${clusterDomain} ${clusterDomain}`,
      domainNameServers: ['AmazonProvidedDNS'],
    });
    new CfnVPCDHCPOptionsAssociation(this, 'SearchDomainsOfVpc', {
      vpcId: vpc.vpcId,
      dhcpOptionsId: options.ref,
    });
  }
}
