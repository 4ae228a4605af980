import { Annotations } from 'aws-cdk-lib';
import {
  CfnVPCEndpoint,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpcEndpoint,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { Network } from './network.ts';

/** The way to a private API: an interface endpoint in the network, one that is there or one of its own. */
export class PrivateEndpoint extends Construct {
  readonly endpoint: IVpcEndpoint;

  constructor(scope: Construct, id: string, { settings, network }: { settings: Settings; network: Network }) {
    super(scope, id);
    const { vpcEndpoint } = settings;
    const made = vpcEndpoint ?? this.#make(settings, network);
    this.endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(this, 'Endpoint', {
      vpcEndpointId: made,
      port: 443,
    });
  }

  #make({ name, allowedCidrs }: Settings, network: Network): string {
    const group = new SecurityGroup(this, 'Callers', {
      vpc: network.vpc,
      description: `Who asks the API of shallop ${name}`,
      allowAllOutbound: false,
    });
    for (const cidr of allowedCidrs ?? [network.cidr])
      group.addIngressRule(cidr.includes(':') ? Peer.ipv6(cidr) : Peer.ipv4(cidr), Port.tcp(443), 'Callers');
    // One subnet of each zone is taken.
    const zones = network.subnets.map(({ zone }) => zone);
    const subnets = network.subnets.filter(({ zone }, i) => zones.indexOf(zone) === i);
    return new CfnVPCEndpoint(this, 'Interface', {
      vpcId: network.vpcId,
      vpcEndpointType: 'Interface',
      serviceName: InterfaceVpcEndpointAwsService.APIGATEWAY.name,
      subnetIds: subnets.map(({ id }) => id),
      securityGroupIds: [group.securityGroupId],
      // It would hide every other API of API Gateway from the network.
      privateDnsEnabled: false,
    }).attrId;
  }
}

/** Who may ask at all, before anything is paid for: undefined where everybody may. */
export function accessPolicy(
  { allowedCidrs, domain }: Settings,
  network: Network,
  inside: IVpcEndpoint | undefined,
): PolicyDocument | undefined {
  if (!allowedCidrs && !inside) return undefined;
  const denied: Record<string, Record<string, unknown>>[] = [];
  if (inside) denied.push({ StringNotEquals: { 'aws:SourceVpce': inside.vpcEndpointId } });
  if (allowedCidrs) {
    // Pods are callers too, where they have the API's name and one address for all.
    const pods = network.outgoing.map((address) => `${address}/32`);
    denied.push({
      NotIpAddress: inside
        ? { 'aws:VpcSourceIp': allowedCidrs }
        : { 'aws:SourceIp': [...allowedCidrs, ...pods] },
    });
    if (domain && !network.outgoing.length)
      Annotations.of(network).addWarningV2(
        'shallop:pods-outside',
        'Pods come from addresses that -c allowedCidrs cannot know: with -c nat=gateway they have known ones.',
      );
  }
  const everybody = { principals: [new AnyPrincipal()], actions: ['execute-api:Invoke'] };
  const resources = ['execute-api:/*'];
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...everybody, resources }),
      ...denied.map(
        (conditions) => new PolicyStatement({ effect: Effect.DENY, ...everybody, resources, conditions }),
      ),
    ],
  });
}
