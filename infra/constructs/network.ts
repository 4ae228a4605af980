import {
  CfnDHCPOptions,
  CfnVPCDHCPOptionsAssociation,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { clusterDomain } from '../../src/shared/ports/names.ts';
import type { ExistingNetwork, Settings, SubnetInZone } from '../settings.ts';
import { ownCidr, ownNetwork } from './ownNetwork.ts';

/** Where tasks and load balancers stand, and the zone of Service names. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly vpc: IVpc;
  readonly cidr: string;
  /** Where tasks stand. */
  readonly subnets: SubnetInZone[];
  /** Where load balancers stand; the same unless tasks are in private subnets. */
  readonly balancerSubnets: SubnetInZone[];
  readonly publicIp: boolean;
  /** Addresses that all Pods come from, where they are known and stay. */
  readonly outgoing: string[];
  /** Its rules say who reaches Pods. */
  readonly podSecurityGroup: SecurityGroup;
  readonly podMembers: SecurityGroup;
  readonly loadBalancerSecurityGroup: SecurityGroup;
  readonly zone: PrivateHostedZone;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { name, network } = settings;
    const { vpc, ...standing } = network ? existing(this, network) : ownNetwork(this, settings);
    this.vpc = vpc;
    this.vpcId = vpc.vpcId;
    this.cidr = network?.cidr ?? ownCidr;
    this.subnets = standing.subnets;
    this.balancerSubnets = standing.balancerSubnets;
    this.publicIp = standing.publicIp;
    this.outgoing = standing.outgoing;

    this.loadBalancerSecurityGroup = new SecurityGroup(this, 'LoadBalancers', {
      vpc,
      description: `Load balancers of shallop ${name}`,
    });
    this.podSecurityGroup = new SecurityGroup(this, 'Pods', {
      vpc,
      description: `Pods of shallop ${name}`,
      allowAllIpv6Outbound: settings.ipv6,
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

function existing(scope: Construct, { vpcId, subnets, cidr, ...network }: ExistingNetwork) {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId,
    vpcCidrBlock: cidr,
    availabilityZones: subnets.map(({ zone }) => zone),
  });
  const { balancerSubnets = subnets, publicIp } = network;
  return { vpc, subnets, balancerSubnets, publicIp, outgoing: [] };
}
